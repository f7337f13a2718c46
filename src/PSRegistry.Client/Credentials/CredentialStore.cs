using System.Net;

namespace PSRegistry.Client;

/// <summary>
/// The logins that docker and podman keep on this machine. They are looked for where those programs do:
/// <code>
/// REGISTRY_AUTH_FILE                                where it is set, and nowhere else
/// DOCKER_CONFIG/config.json, ~/.docker/config.json  docker, with its credential helpers
/// XDG_RUNTIME_DIR/containers/auth.json              podman, until the next start of the machine
/// ~/.config/containers/auth.json                    podman
/// </code>
/// </summary>
public sealed class CredentialStore
{
    private readonly IReadOnlyList<string> _files;

    private readonly bool _runsHelpers;

    private CredentialStore(IReadOnlyList<string> files, bool runsHelpers = true) => (_files, _runsHelpers) = (files, runsHelpers);

    /// <summary>That of this user.</summary>
    public static CredentialStore OfUser() => new(CredentialFiles.Find(Environment.GetEnvironmentVariable));

    /// <summary>Files of the form of docker's or podman's; the first is written to.</summary>
    public static CredentialStore At(params IReadOnlyList<string> files) => new(files);

    /// <summary>The same files without the helper programs, which may ask their user something, or take their time.</summary>
    public CredentialStore WithoutHelpers() => new(_files, runsHelpers: false);

    /// <summary>The registries that the files name, as they name them; a helper may keep more.</summary>
    /// <exception cref="CredentialStoreException">A file cannot be read.</exception>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default)
    {
        var registries = new List<string>();
        foreach (var path in _files)
            registries.AddRange((await CredentialFile.ReadAsync(path, cancellationToken)).Registries());
        return [.. registries.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The login of a registry; null when none is kept.</summary>
    /// <exception cref="CredentialStoreException">A file or helper cannot be read.</exception>
    public async ValueTask<StoredLogin?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var path in _files)
        {
            var file = await CredentialFile.ReadAsync(path, cancellationToken);
            var login = _runsHelpers && file.HelperFor(registry) is { } helper ? await new CredentialHelper(helper).GetAsync(RegistryKey.Of(registry), cancellationToken) : null;
            if ((login ?? file.Find(registry)) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Keeps a login, in the credential helper that the first file names, else in that file.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="credential">User name and password; may be null where there is an identity token.</param>
    /// <param name="identityToken">The identity token; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it is kept, and how.</returns>
    /// <exception cref="CredentialStoreException">The file cannot be written, or the helper refuses.</exception>
    public async ValueTask<SavedLogin> SaveAsync(
        RegistryAddress registry, NetworkCredential? credential, string? identityToken = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (credential is null && identityToken is null)
            throw new ArgumentException("A login or an identity token is needed.", nameof(credential));
        var file = await CredentialFile.ReadAsync(_files[0], cancellationToken);
        if (file.HelperFor(registry) is { } helper)
        {
            await new CredentialHelper(helper).StoreAsync(RegistryKey.Of(registry), credential, identityToken, cancellationToken);
            return new SavedLogin($"docker-credential-{helper}", IsPlainText: false);
        }
        file.Set(registry, credential, identityToken);
        await file.WriteAsync(cancellationToken);
        return new SavedLogin(file.Path, IsPlainText: true);
    }

    /// <summary>Forgets the login of a registry everywhere; false when none was kept.</summary>
    /// <exception cref="CredentialStoreException">A file or helper cannot be changed.</exception>
    public async ValueTask<bool> RemoveAsync(RegistryAddress registry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var removed = false;
        foreach (var path in _files)
        {
            var file = await CredentialFile.ReadAsync(path, cancellationToken);
            if (file.HelperFor(registry) is { } helper)
                removed |= await new CredentialHelper(helper).EraseAsync(RegistryKey.Of(registry), cancellationToken);
            if (!file.Remove(registry))
                continue;
            await file.WriteAsync(cancellationToken);
            removed = true;
        }
        return removed;
    }
}
