namespace PSRegistry.Server.Notifications;

/// <summary>Where somebody reads in an outbox.</summary>
internal sealed class OutboxCursor(long next)
{
    /// <summary>The number of the event that comes next.</summary>
    public long Next { get; set; } = next;

    /// <summary>How many events were gone before they were read.</summary>
    public long Dropped { get; set; }

    /// <summary>The file that holds that event, by the number of its first one, and how far it was read; -1 where that has to be looked for.</summary>
    public long Segment { get; set; } = -1;

    public long Offset { get; set; }

    public void MoveTo(long next)
    {
        Next = next;
        Segment = -1;
    }

    /// <summary>Passes over what is gone.</summary>
    public void SkipTo(long next)
    {
        Dropped += next - Next;
        MoveTo(next);
    }
}
