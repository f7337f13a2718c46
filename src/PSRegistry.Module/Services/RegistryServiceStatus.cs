namespace PSRegistry.Services;

/// <summary>What a service does at the moment.</summary>
public enum RegistryServiceStatus
{
    /// <summary>Nobody knows: the service manager does not run or does not answer.</summary>
    Unknown,

    /// <summary>It does not run.</summary>
    Stopped,

    /// <summary>It is starting and does not listen yet.</summary>
    Starting,

    /// <summary>It listens.</summary>
    Running,

    /// <summary>It lets requests in flight end.</summary>
    Stopping,

    /// <summary>It ended by a failure.</summary>
    Failed,
}
