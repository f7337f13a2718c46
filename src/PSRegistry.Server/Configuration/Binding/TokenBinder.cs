using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>auth.token</c>, and opens its files: a wrong one is a fault with its line, before anything listens.</summary>
internal static class TokenBinder
{
    private const string Section = "auth.token";
    private const string DefaultPath = "/auth/token";

    public static TokenConfiguration? Bind(ValueReader values, ConfigurationNode section)
    {
        var redirect = Redirect(values);
        var realm = redirect is null ? Realm(values, section) : "";
        var service = AuthBinder.HeaderText(values, Section + ".service", section, "Add service: what the token server calls this registry");
        var issuer = Required(values, Section + ".issuer", section, "Add issuer: what the tokens say in iss");
        var certificates = File(values, Section + ".rootcertbundle");
        var keySet = File(values, Section + ".jwks");
        var algorithms = Algorithms(values);
        CheckKeys(values, section, certificates, keySet);
        return realm is null || service is null || issuer is null ? null : new()
        {
            Realm = realm,
            Service = service,
            Issuer = issuer,
            RootCertificates = certificates,
            KeySet = keySet,
            Algorithms = algorithms,
            AutoRedirectPath = redirect,
        };
    }

    private static string? Realm(ValueReader values, ConfigurationNode section)
    {
        const string Path = Section + ".realm";
        if (AuthBinder.HeaderText(values, Path, section, "Add realm: https://auth.example.com/token, where clients get tokens") is not { } realm) return null;
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            values.Faults.Warning(Path, values.Origin(Path), "this is no address that clients can get tokens from", "Write https:// and what follows");
        return realm;
    }

    private static string? Redirect(ValueReader values)
    {
        const string Path = Section + ".autoredirectpath";
        var text = values.Text(Path) is { Length: > 0 } written ? written : DefaultPath;
        if (values.Boolean(Section + ".autoredirect") is not true) return null;
        if (Uri.TryCreate($"https://a/{text.TrimStart('/')}", UriKind.Absolute, out var address) && address is { Query: "", Fragment: "" })
            return address.AbsolutePath;
        values.Refuse(Path, "this is no path", "Write a path such as " + DefaultPath);
        return DefaultPath;
    }

    private static string? Required(ValueReader values, string path, ConfigurationNode section, string remedy) =>
        values.Text(path) is { Length: > 0 } text ? text : AuthBinder.Missing(values, path, section, remedy);

    private static string? File(ValueReader values, string path) => values.Text(path) is { Length: > 0 } file ? file : null;

    private static List<string> Algorithms(ValueReader values)
    {
        const string Path = Section + ".signingalgorithms";
        var written = values.Items(Path).OfType<ScalarNode>().ToList();
        if (written.Count == 0) return [.. SigningAlgorithms.Supported];
        var algorithms = new List<string>();
        var known = $"Write some of {string.Join(", ", SigningAlgorithms.Supported)}";
        foreach (var item in written)
        {
            if (SigningAlgorithms.Supported.Contains(item.Text))
                algorithms.Add(item.Text);
            else if (SigningAlgorithms.WhyNot(item.Text) is { } why)
                values.Faults.Warning(Path, item.Origin, $"{item.Text} has no effect: {why}", known);
            else
                values.Faults.Error(Path, item.Origin, $"\"{item.Text}\" is no algorithm of signatures", known);
        }
        if (algorithms.Count == 0)
            values.Refuse(Path, "no token could ever be accepted", known);
        return algorithms;
    }

    private static void CheckKeys(ValueReader values, ConfigurationNode section, string? certificates, string? keySet)
    {
        if (certificates is null && keySet is null)
        {
            values.Faults.Error(Section, section.Origin, "there is no key to verify tokens with", "Name the token server's certificates in auth.token.rootcertbundle, or its keys in auth.token.jwks");
            return;
        }
        var usable = CheckCertificates(values, certificates) + CheckKeySet(values, keySet);
        if (usable == 0)
            values.Refuse(keySet is null ? Section + ".rootcertbundle" : Section + ".jwks", "no key in it can verify tokens", "Use RSA keys, or EC keys on P-256, P-384 or P-521");
    }

    /// <summary>How many keys there are; null when a fault says why nobody can tell.</summary>
    private static int? CheckCertificates(ValueReader values, string? file)
    {
        const string Path = Section + ".rootcertbundle";
        if (file is null) return 0;
        if (Read(values, Path, file) is not { } text) return null;
        if (CertificateBundle.Parse(text) is not { } bundle)
        {
            values.Refuse(Path, $"{file} holds no certificate in PEM form, or it is damaged", "Name a file that begins with -----BEGIN CERTIFICATE-----");
            return null;
        }
        foreach (var expired in bundle.Certificates.Where(certificate => certificate.NotAfter < DateTime.Now))
            values.Faults.Warning(Path, values.Origin(Path), $"{file}: the certificate {expired.GetNameInfo(X509NameType.SimpleName, forIssuer: false)} has expired; no chain leads to it any more", "Renew it");
        return bundle.Keys.Count;
    }

    private static int? CheckKeySet(ValueReader values, string? file)
    {
        const string Path = Section + ".jwks";
        if (file is null) return 0;
        if (Read(values, Path, file) is not { } text) return null;
        if (KeySetText.Parse(text) is not { } keySet)
        {
            values.Refuse(Path, $"{file} is no JSON Web Key Set", "Write {\"keys\": [...]}, as the token server shows it");
            return null;
        }
        foreach (var remark in keySet.Remarks)
            values.Faults.Warning(Path, values.Origin(Path), $"{file}: {remark}", "Use RSA keys, or EC keys on P-256, P-384 or P-521");
        return keySet.Keys.Count;
    }

    private static string? Read(ValueReader values, string path, string file)
    {
        try
        {
            return System.IO.File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            values.Refuse(path, $"there is no file {file}", "Correct the path");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            values.Refuse(path, $"{file} cannot be read", "Name a file that the registry's user may read");
        }
        return null;
    }
}
