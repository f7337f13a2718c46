namespace PSRegistry.Server.Configuration;

/// <summary>A running registry's next configuration: the new one, but for what stays as it was until a restart.</summary>
internal static class Reconfigured
{
    public static RegistryConfiguration From(RegistryConfiguration running, RegistryConfiguration read) => read with
    {
        Storage = read.Storage with { Driver = running.Storage.Driver, RootDirectory = running.Storage.RootDirectory },
        // The user of a command stays the one who may log in.
        Auth = running.Auth.OneUser is null ? read.Auth : running.Auth,
        Notifications = read.Notifications with
        {
            Outbox = read.Notifications.Outbox with { Enabled = running.Notifications.Outbox.Enabled, Path = running.Notifications.Outbox.Path },
        },
        Http = read.Http with
        {
            Addr = running.Http.Addr,
            SocketPath = running.Http.SocketPath,
            Prefix = running.Http.Prefix,
            Secret = running.Http.Secret,
            Http2Disabled = running.Http.Http2Disabled,
            H2cEnabled = running.Http.H2cEnabled,
            Tls = running.Http.Tls is null || read.Http.Tls is null ? running.Http.Tls : read.Http.Tls,
            DebugAddr = running.Http.DebugAddr,
            MetricsPath = running.Http.MetricsPath,
        },
        Log = read.Log with { AuditPath = running.Log.AuditPath },
        Otel = running.Otel,
    };
}
