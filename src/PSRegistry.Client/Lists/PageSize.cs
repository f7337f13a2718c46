namespace PSRegistry.Client;

/// <summary>
/// How many names to ask for. A registry may refuse more than it likes (CNCF Distribution 3 does, of its catalog): then less is asked, at
/// last without a number, and that is remembered.
/// </summary>
internal sealed class PageSize(int wanted)
{
    private const int Modest = 100;

    private volatile int _size = Math.Max(wanted, 0);

    /// <summary>The number to ask for; 0 to name none.</summary>
    public int Current => _size;

    /// <summary>Takes back a size that was refused; false when none was named.</summary>
    public bool Lower(int refused)
    {
        if (refused == _size)
            _size = refused > Modest ? Modest : 0;
        return refused > 0;
    }
}
