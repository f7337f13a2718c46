using System.Net;
using System.Text;

namespace PSRegistry.Client;

/// <summary>How a <see cref="RegistryClient"/> speaks to its registry.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>The login; null to be anonymous. It is sent when the registry asks for it and not before, and to nobody else.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Accept any certificate. The connection is then encrypted to whoever answers.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>How long a connection attempt may take, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the head of an answer may take, and then any silence inside its body.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How many names to ask for at a time; a registry may send fewer.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The User-Agent header.</summary>
    public string UserAgent { get; init; } = $"psregistry/{typeof(RegistryClientOptions).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>What tests put in place of the machine's clock and network.</summary>
    internal Surroundings Surroundings { get; init; } = Surroundings.Machine;

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Credential = ").Append(Credential is null ? "none" : "given");
        text.Append(", SkipCertificateCheck = ").Append(SkipCertificateCheck);
        text.Append(", ConnectTimeout = ").Append(ConnectTimeout);
        text.Append(", RequestTimeout = ").Append(RequestTimeout);
        text.Append(", PageSize = ").Append(PageSize);
        text.Append(", UserAgent = ").Append(UserAgent);
        return true;
    }
}
