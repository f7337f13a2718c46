using System.Collections.ObjectModel;
using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>health</c> section: what is looked at regularly. While one check fails, every request is answered 503.</summary>
public sealed record HealthConfiguration
{
    /// <summary>Whether the storage answers. Key <c>storagedriver</c>. Default: null, not looked at.</summary>
    public HealthInterval? StorageDriver { get; init; }

    /// <summary>Files that must <b>not</b> be there: an operator makes one to take the registry out. Key <c>file</c>.</summary>
    public IReadOnlyList<FileHealthCheck> Files { get; init; } = [];

    /// <summary>Addresses that must answer. Key <c>http</c>.</summary>
    public IReadOnlyList<HttpHealthCheck> Addresses { get; init; } = [];

    /// <summary>Ports that must accept a connection. Key <c>tcp</c>.</summary>
    public IReadOnlyList<TcpHealthCheck> Ports { get; init; } = [];
}

/// <summary>When a check runs, and when its failing counts.</summary>
/// <param name="Interval">The time between two looks. Key <c>interval</c>. Default: 10 seconds.</param>
/// <param name="Threshold">How many failures in a row count as one. Key <c>threshold</c>. Default: 0, the first.</param>
public sealed record HealthInterval(TimeSpan Interval, int Threshold);

/// <summary>One item of <c>health.file</c>.</summary>
/// <param name="File">The path.</param>
/// <param name="When">When it is looked at.</param>
public sealed record FileHealthCheck(string File, HealthInterval When);

/// <summary>One item of <c>health.http</c>.</summary>
/// <param name="Uri">What a HEAD is sent to.</param>
/// <param name="When">When it is looked at.</param>
public sealed record HttpHealthCheck(Uri Uri, HealthInterval When)
{
    /// <summary>The status that is well. Key <c>statuscode</c>. Default: 200.</summary>
    public int StatusCode { get; init; } = 200;

    /// <summary>How long the answer may take. Key <c>timeout</c>. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Headers of the request; they may hold a login. Key <c>headers</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    // Neither the headers nor a password in the address.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Uri = ").Append(Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)).Append(", When = ").Append(When);
        return true;
    }
}

/// <summary>One item of <c>health.tcp</c>.</summary>
/// <param name="Addr">What is connected to.</param>
/// <param name="When">When it is looked at.</param>
public sealed record TcpHealthCheck(ListenAddress Addr, HealthInterval When)
{
    /// <summary>How long connecting may take. Key <c>timeout</c>. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
