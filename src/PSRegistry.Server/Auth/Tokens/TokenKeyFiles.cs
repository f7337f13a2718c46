using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>
/// The keys of tokens, from the files of <c>auth.token</c>, read again when these change. A file that is damaged or gone leaves the keys
/// that were read before: whoever changes keys changes them everywhere, and half a file is no reason to turn everybody away.
/// </summary>
internal sealed partial class TokenKeyFiles : ITokenKeys
{
    private readonly ILogger _log;
    private readonly RereadFile<CertificateBundle>? _certificates;
    private readonly RereadFile<KeySetText>? _keySet;
    private Keys? _keys;

    /// <exception cref="RegistryStartException">A file cannot be read.</exception>
    public TokenKeyFiles(TokenConfiguration token, ILogger log)
    {
        _log = log;
        _certificates = Watch("auth.token.rootcertbundle", token.RootCertificates, CertificateBundle.Parse, bundle => (bundle.Keys.Count, []));
        _keySet = Watch("auth.token.jwks", token.KeySet, KeySetText.Parse, set => (set.Keys.Count, set.Remarks));
    }

    /// <summary>What counts at the moment; the same object until a file changes.</summary>
    public SigningKeys Current()
    {
        var certificates = _certificates?.Current();
        var keySet = _keySet?.Current();
        if (Volatile.Read(ref _keys) is { } known && known.Certificates == certificates && known.KeySet == keySet)
            return known.Signing;
        var signing = new SigningKeys([.. certificates?.Keys ?? [], .. keySet?.Keys ?? []], certificates?.Certificates ?? []);
        Volatile.Write(ref _keys, new Keys(certificates, keySet, signing));
        return signing;
    }

    [return: NotNullIfNotNull(nameof(path))]
    private RereadFile<T>? Watch<T>(string keyPath, string? path, Func<string, T?> parse, Func<T, (int Count, IReadOnlyList<string> Remarks)> describe)
        where T : class
    {
        if (path is null)
            return null;
        path = Path.GetFullPath(path);
        var file = new RereadFile<T>(path, Read, (fault, before) => Keep(fault.Message, before));
        if (file.Current() is null)
            throw new RegistryStartException(StartFailure.Setting, $"{keyPath}: no keys can be read from '{path}'; the log says why. Correct the file, or name another.");
        return file;

        T? Read(ReadText text, T? before)
        {
            if (parse(text.Text) is not { } parsed)
                return Keep("it is damaged, or something else", before);
            var (count, remarks) = describe(parsed);
            Log.Read(_log, path, count);
            // At the start they were told with the other faults of the configuration.
            foreach (var remark in text.IsFirst ? [] : remarks)
                Log.Remark(_log, path, remark);
            return parsed;
        }

        T? Keep(string reason, T? before)
        {
            Log.Kept(_log, path, reason);
            return before;
        }
    }

    private sealed record Keys(CertificateBundle? Certificates, KeySetText? KeySet, SigningKeys Signing);

    private static partial class Log
    {
        [LoggerMessage(EventId = 45, Level = LogLevel.Information, Message = "{File} has {Count} keys of tokens")]
        public static partial void Read(ILogger log, string file, int count);

        [LoggerMessage(EventId = 46, Level = LogLevel.Warning, Message = "{File}: {Remark}")]
        public static partial void Remark(ILogger log, string file, string remark);

        [LoggerMessage(EventId = 47, Level = LogLevel.Error, Message = "no keys of tokens can be read from {File} ({Reason}): those that were read before go on counting")]
        public static partial void Kept(ILogger log, string file, string reason);
    }
}
