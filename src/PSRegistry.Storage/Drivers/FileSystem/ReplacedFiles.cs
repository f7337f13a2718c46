using System.Diagnostics;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Renames small files over others on Linux, and does not wait for a disk that is slow to take back what they held. An ext4 without a
/// journal that is mounted with discard tells the device of each block that becomes free before rename(2) returns: 1.4 ms for
/// each tag that moves, where all else of a pushed manifest took 0.5. Where a rename was found to be so slow, what the next ones
/// replace gets a second name before, and loses it when no tag has moved for some seconds: the work is not less, but nobody waits for it.
/// What a killed process left goes in the same way.
/// </summary>
internal sealed class ReplacedFiles
{
    /// <summary>Larger files hold too much of the disk meanwhile.</summary>
    public const int LargestKept = 4096;

    /// <summary>16 MiB of the disk. Whoever moves more tags without a pause waits for the disk again.</summary>
    public const int KeptAtMost = 4096;

    /// <summary>A part of what the disk does in a second.</summary>
    private const int RemovedAtOnce = 100;

    private static readonly TimeSpan BetweenRemovals = TimeSpan.FromSeconds(1);

    /// <summary>How long a rename that was found to be slow counts: then the next one tells anew.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly TimeSpan _slow;
    private readonly TimeSpan _quiet;
    private bool _isRemoving;
    private int _kept;
    private long _lastKept = long.MinValue / 2;
    private long _slowUntil = long.MinValue;

    /// <param name="folder">For the second names, on the disk of the files; made when it is needed, and gone when it is not.</param>
    public ReplacedFiles(string folder)
        : this(folder, slow: TimeSpan.FromMilliseconds(0.5), quiet: TimeSpan.FromSeconds(10))
    {
    }

    /// <param name="folder">For the second names.</param>
    /// <param name="slow">A rename that takes longer waits for the disk.</param>
    /// <param name="quiet">How long no file was replaced before the old ones go.</param>
    internal ReplacedFiles(string folder, TimeSpan slow, TimeSpan quiet)
    {
        _folder = folder;
        _slow = slow;
        _quiet = quiet;
        // What another process left, or keeps: it is nobody's any more.
        if (Directory.Exists(folder))
            RemoveLater();
    }

    private bool IsQuiet => Environment.TickCount64 - Volatile.Read(ref _lastKept) >= _quiet.TotalMilliseconds;

    /// <summary>Renames a file over another of at most <see cref="LargestKept"/> bytes. One thread at a time.</summary>
    public void Replace(string aside, string target)
    {
        if (Environment.TickCount64 < _slowUntil && TryKeep(target))
        {
            DurableFile.Replace(aside, target);
            return;
        }
        var began = Stopwatch.GetTimestamp();
        DurableFile.Replace(aside, target);
        if (Stopwatch.GetElapsedTime(began) >= _slow)
            _slowUntil = Environment.TickCount64 + (long)Believed.TotalMilliseconds;
    }

    private bool TryKeep(string file)
    {
        if (Volatile.Read(ref _kept) >= KeptAtMost)
            return false;
        var second = Path.Join(_folder, $"{Guid.NewGuid():N}");
        if (LinuxCalls.Link(file, second) is var error and not 0)
        {
            if (error != LinuxCalls.NoEntry)
                return false;
            try
            {
                Directory.CreateDirectory(_folder);
            }
            catch (Exception fault) when (FileSystemFaults.IsFault(fault))
            {
                return false;
            }
            if (LinuxCalls.Link(file, second) != 0)
                return false;
        }
        lock (_gate)
        {
            _kept++;
            _lastKept = Environment.TickCount64;
        }
        RemoveLater();
        return true;
    }

    private void RemoveLater()
    {
        lock (_gate)
        {
            if (_isRemoving)
                return;
            _isRemoving = true;
        }
        _ = Task.Run(async () =>
        {
            do
                await Task.Delay(BetweenRemovals);
            while (!IsQuiet || TryRemoveSome() || !TryEnd());
        });
    }

    /// <summary>False when there is nothing left, or what is left cannot go.</summary>
    private bool TryRemoveSome()
    {
        try
        {
            var removed = 0;
            foreach (var file in Directory.EnumerateFiles(_folder))
            {
                if (removed++ == RemovedAtOnce)
                    return true;
                if (LinuxCalls.Remove(file) is not (0 or LinuxCalls.NoEntry))
                    return false;
                Interlocked.Decrement(ref _kept);
            }
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
        }
        return false;
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            if (!IsQuiet)
                return false;
            _isRemoving = false;
            _kept = 0;
        }
        // Another process may keep files there: then the folder stays.
        _ = LinuxCalls.Remove(_folder);
        return true;
    }
}
