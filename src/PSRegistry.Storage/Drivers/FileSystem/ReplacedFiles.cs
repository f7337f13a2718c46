using System.Diagnostics;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Renames small files over others on Linux, and does not wait for a disk that is slow to take back what they held. An ext4 without a
/// journal that is mounted with discard tells the device of each block that becomes free before rename(2) returns: 1.4 ms for
/// each tag that moves, where all else of a pushed manifest took 0.5. Where a rename was found to be so slow, what the next ones
/// replace stays open for a while, and its block becomes free when it is closed: the work is not less, but nobody waits for it.
/// </summary>
internal sealed class ReplacedFiles
{
    /// <summary>Larger files hold too much of the disk meanwhile.</summary>
    public const int LargestKept = 4096;

    /// <summary>16 MiB of the disk. Whoever moves more tags in so short a time waits for the disk again.</summary>
    private const int KeptAtMost = 4096;

    /// <summary>Of the files that the process may have open, for there are sockets besides.</summary>
    private const int ShareOfLimit = 4;

    /// <summary>A part of what the disk does in a second.</summary>
    private const int ClosedAtOnce = 100;

    /// <summary>How long a rename that was found to be slow counts: then the next one tells anew.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    private readonly Queue<(int Descriptor, long Since)> _kept = new();
    private readonly TimeSpan _slow;
    private readonly TimeSpan _keptFor;
    private readonly TimeSpan _betweenCloses;
    private readonly int _keptAtMost;
    private long _slowUntil = long.MinValue;
    private bool _isClosing;

    public ReplacedFiles()
        : this(slow: TimeSpan.FromMilliseconds(0.5), keptFor: TimeSpan.FromSeconds(30), betweenCloses: TimeSpan.FromSeconds(1), KeptAtMost)
    {
    }

    /// <param name="slow">A rename that takes longer waits for the disk.</param>
    /// <param name="keptFor">How long a replaced file stays open at least.</param>
    /// <param name="betweenCloses">Then some are closed, so often.</param>
    /// <param name="keptAtMost">How many are open at a time.</param>
    internal ReplacedFiles(TimeSpan slow, TimeSpan keptFor, TimeSpan betweenCloses, int keptAtMost)
    {
        _slow = slow;
        _keptFor = keptFor;
        _betweenCloses = betweenCloses;
        _keptAtMost = (int)long.Min(keptAtMost, LinuxCalls.OpenFilesAtMost / ShareOfLimit);
    }

    /// <summary>How many files are kept open.</summary>
    internal int Count
    {
        get
        {
            lock (_kept)
                return _kept.Count;
        }
    }

    /// <summary>Renames a file over another of at most <see cref="LargestKept"/> bytes. One thread at a time.</summary>
    public void Replace(string aside, string target)
    {
        var isKept = Environment.TickCount64 < _slowUntil && TryKeep(target);
        var began = Stopwatch.GetTimestamp();
        DurableFile.Replace(aside, target);
        if (!isKept && Stopwatch.GetElapsedTime(began) >= _slow)
            _slowUntil = Environment.TickCount64 + (long)Believed.TotalMilliseconds;
    }

    private bool TryKeep(string file)
    {
        lock (_kept)
        {
            if (_kept.Count >= _keptAtMost)
                return false;
            var descriptor = LinuxCalls.Open(file, LinuxCalls.PathOnly | LinuxCalls.CloseOnExec);
            if (descriptor < 0)
                return false;
            _kept.Enqueue((descriptor, Environment.TickCount64));
            if (!_isClosing)
            {
                _isClosing = true;
                _ = CloseInTimeAsync();
            }
            return true;
        }
    }

    private async Task CloseInTimeAsync()
    {
        do
        {
            await Task.Delay(_betweenCloses);
            for (var closed = 0; closed < ClosedAtOnce && NextToClose() is { } descriptor; closed++)
                LinuxCalls.Close(descriptor);
        }
        while (!IsDone());
    }

    private int? NextToClose()
    {
        lock (_kept)
        {
            return _kept.TryPeek(out var oldest) && Environment.TickCount64 - oldest.Since >= _keptFor.TotalMilliseconds
                ? _kept.Dequeue().Descriptor
                : null;
        }
    }

    private bool IsDone()
    {
        lock (_kept)
        {
            _isClosing = _kept.Count > 0;
            return !_isClosing;
        }
    }
}
