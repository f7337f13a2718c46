using System.Diagnostics;

namespace PSRegistry.Storage.Drivers;

/// <summary>One action of a driver, measured from its beginning to its disposal; failed unless it is said to be done.</summary>
internal sealed class StorageStep : IDisposable
{
    private readonly StorageInstruments _instruments;
    private readonly Activity? _span;
    private readonly KeyValuePair<string, object?> _driver;
    private readonly KeyValuePair<string, object?> _action;
    private readonly long _began;
    private bool _isDone;

    public StorageStep(StorageInstruments instruments, string driver, string action, string path)
    {
        _instruments = instruments;
        _driver = new("driver", driver);
        _action = new("action", action);
        _span = MeasuredDriver.Spans.StartActivity(action);
        _span?.SetTag("psregistry.storage.driver", driver).SetTag("psregistry.storage.path", path);
        _began = Stopwatch.GetTimestamp();
    }

    public T Done<T>(T result)
    {
        _isDone = true;
        return result;
    }

    public void Done() => _isDone = true;

    public void Dispose()
    {
        _instruments.Action.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, _driver, _action);
        if (!_isDone)
        {
            _instruments.Errors.Add(1, _driver, _action);
            _span?.SetStatus(ActivityStatusCode.Error);
        }
        _span?.Dispose();
    }
}
