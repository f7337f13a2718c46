using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSRegistry.Client;

/// <summary>
/// docker's <c>config.json</c> or podman's <c>auth.json</c>. What else is in the file stays as it is when a login is saved; the new file is
/// written aside, for its owner alone, and put in place whole.
/// </summary>
internal sealed class CredentialFile
{
    private const int LongestFile = 8 * 1024 * 1024;

    // Names and secrets are no HTML: + and < stay what they are.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _root;

    private CredentialFile(string path, JsonObject root) => (Path, _root) = (path, root);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Reads it; one that is missing is empty.</summary>
    /// <exception cref="CredentialStoreException">It cannot be read, or is no such file.</exception>
    public static async ValueTask<CredentialFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(path))
                return new CredentialFile(path, []);
            if (new FileInfo(path).Length > LongestFile)
                throw new CredentialStoreException(path, $"The login file '{path}' is longer than any such file.");
            var text = await File.ReadAllBytesAsync(path, cancellationToken);
            var root = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject;
            return new CredentialFile(path, root ?? throw new CredentialStoreException(path, $"The login file '{path}' is no JSON object."));
        }
        catch (JsonException fault)
        {
            // The reader's message tells places, and no content.
            throw new CredentialStoreException(path, $"The login file '{path}' is no well-formed JSON (line {fault.LineNumber + 1}).");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CredentialStoreException(path, $"The login file '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The helper program that keeps the registry's login; null when the file itself does.</summary>
    public string? HelperFor(RegistryAddress registry)
    {
        if (_root["credHelpers"] is JsonObject helpers && helpers.FirstOrDefault(helper => RegistryKey.Matches(helper.Key, registry)).Value is JsonValue helper
            && helper.TryGetValue<string>(out var name) && name.Length > 0)
        {
            return name;
        }
        return _root["credsStore"] is JsonValue store && store.TryGetValue<string>(out var all) && all.Length > 0 ? all : null;
    }

    /// <summary>The registries that it names, for their own login or for a helper. podman's keys of a namespace name none.</summary>
    public IEnumerable<string> Registries() => Auths().Select(pair => pair.Key)
        .Concat((_root["credHelpers"] as JsonObject ?? []).Select(pair => pair.Key)).Select(RegistryKey.NameOf).OfType<string>();

    /// <summary>The login that the file itself keeps; null when it keeps none.</summary>
    public StoredLogin? Find(RegistryAddress registry)
    {
        foreach (var (key, value) in Auths())
        {
            if (RegistryKey.Matches(key, registry) && value is JsonObject entry && Read(entry) is { } login)
                return login;
        }
        return null;
    }

    /// <summary>Puts a login into the file's text; the registry's other keys go.</summary>
    public void Set(RegistryAddress registry, NetworkCredential? credential, string? identityToken)
    {
        Remove(registry);
        if (_root["auths"] is not JsonObject auths)
            _root["auths"] = auths = [];
        var entry = new JsonObject();
        if (credential is not null)
            entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{(identityToken is null ? credential.Password : "")}"));
        if (identityToken is not null)
            entry["identitytoken"] = identityToken;
        auths[RegistryKey.Of(registry)] = entry;
    }

    /// <summary>Takes the registry's login out of the file's text; false when there was none.</summary>
    public bool Remove(RegistryAddress registry)
    {
        var keys = Auths().Select(pair => pair.Key).Where(key => RegistryKey.Matches(key, registry)).ToList();
        foreach (var key in keys)
            ((JsonObject)_root["auths"]!).Remove(key);
        return keys.Count > 0;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="CredentialStoreException">It cannot be written.</exception>
    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        // A link, such as into a folder of dotfiles, stays one.
        var target = File.Exists(Path) && File.ResolveLinkTarget(Path, returnFinalTarget: true) is { } linked ? linked.FullName : Path;
        var written = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(target))!;
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using (var file = new FileStream(written, ForOwner()))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(_root.ToJsonString(Indented) + "\n"), cancellationToken);
                file.Flush(flushToDisk: true);
            }
            File.Move(written, target, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            File.Delete(written);
            throw new CredentialStoreException(Path, $"The login file '{Path}' cannot be written: {fault.Message}", fault);
        }
    }

    private static FileStreamOptions ForOwner()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private JsonObject Auths() => _root["auths"] as JsonObject ?? [];

    private StoredLogin? Read(JsonObject entry)
    {
        var identity = Text(entry, "identitytoken");
        var credential = Decode(Text(entry, "auth")) ?? (Text(entry, "username") is { } user && Text(entry, "password") is { } password ? new NetworkCredential(user, password) : null);
        if (identity is not null)
            return new StoredLogin(Path) { IdentityToken = identity, Credential = credential is { Password.Length: > 0 } ? credential : null };
        return credential is null ? null : new StoredLogin(Path) { Credential = credential };
    }

    private static NetworkCredential? Decode(string? auth)
    {
        if (auth is null)
            return null;
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var length))
            return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0').Split(':', 2);
        return parts.Length == 2 ? new NetworkCredential(parts[0], parts[1]) : null;
    }

    private static string? Text(JsonObject entry, string property) =>
        entry[property] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
