namespace PSRegistry.Storage;

/// <summary>
/// Many at once, or one alone, first come first served: nobody overtakes who waits, so neither kind starves.
/// </summary>
internal sealed class SharedLock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];

    /// <summary>How many share it; -1 while one has it alone.</summary>
    private int _holders;

    public Task EnterAsync(bool alone, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && CanEnter(alone))
            {
                _holders = alone ? -1 : _holders + 1;
                return Task.CompletedTask;
            }
            var waiter = new Waiter(alone);
            var place = _waiting.AddLast(waiter);
            return WaitAsync(waiter, place, cancellationToken);
        }
    }

    public void Leave(bool alone)
    {
        lock (_gate)
        {
            _holders = alone ? 0 : _holders - 1;
            AdmitNext();
        }
    }

    private async Task WaitAsync(Waiter waiter, LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
        await waiter.Admitted.Task;
    }

    private void GiveUp(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Admitted already: the caller has it and will leave it.
            if (place.List is null)
                return;
            _waiting.Remove(place);
            place.Value.Admitted.TrySetCanceled(cancellationToken);
            AdmitNext();
        }
    }

    private void AdmitNext()
    {
        while (_waiting.First is { } next && CanEnter(next.Value.Alone))
        {
            _waiting.RemoveFirst();
            _holders = next.Value.Alone ? -1 : _holders + 1;
            next.Value.Admitted.TrySetResult();
        }
    }

    private bool CanEnter(bool alone) => alone ? _holders == 0 : _holders >= 0;

    private sealed class Waiter(bool alone)
    {
        public bool Alone { get; } = alone;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
