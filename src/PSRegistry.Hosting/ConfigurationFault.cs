using System.Text;

namespace PSRegistry.Hosting;

/// <summary>How much a fault matters.</summary>
public enum FaultSeverity
{
    /// <summary>The registry can run, though not quite as written.</summary>
    Warning,

    /// <summary>The registry must not start.</summary>
    Error,
}

/// <summary>One thing that is wrong with a configuration. Holds no value of a secret key.</summary>
/// <param name="Severity">Whether the registry can start.</param>
/// <param name="KeyPath">The key, e.g. <c>http.tls.certificate</c> or <c>log.hooks[0].type</c>; empty for the file as a whole.</param>
/// <param name="Origin">Where it was written: <c>config.yml:12</c>, or a variable such as <c>REGISTRY_HTTP_ADDR</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ConfigurationFault(FaultSeverity Severity, string KeyPath, string Origin, string Message, string Remedy)
{
    /// <summary>One line: <c>config.yml:12: error: http.addr: "5000" is not an address. Write host:port or :port.</c></summary>
    public override string ToString()
    {
        var line = new StringBuilder()
            .Append(Origin).Append(Severity is FaultSeverity.Error ? ": error: " : ": warning: ");
        if (KeyPath.Length > 0) line.Append(KeyPath).Append(": ");
        line.Append(Message).Append(". ").Append(Remedy);
        if (line[^1] is not ('.' or '?')) line.Append('.');

        // Keys come from the file; one with a line break in it must not forge a second line.
        for (var i = 0; i < line.Length; i++)
            if (char.IsControl(line[i])) line[i] = ' ';
        return line.ToString();
    }
}
