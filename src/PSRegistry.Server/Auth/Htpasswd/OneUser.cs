using System.Net;

namespace PSRegistry.Server.Auth;

/// <summary>The one user that a command names. The hash lives in memory alone, where the cheapest is as good as any.</summary>
internal sealed class OneUser : IUserSource
{
    private const int CheapestCost = 4;

    private readonly HtpasswdUsers _users;

    private OneUser(HtpasswdUsers users) => _users = users;

    /// <summary>The user of a credential.</summary>
    /// <exception cref="RegistryStartException">Nobody could log in with it.</exception>
    public static OneUser Of(NetworkCredential credential) =>
        HtpasswdLine.TryMake(credential.UserName, credential.Password, CheapestCost, out var line, out var reason)
            ? new OneUser(HtpasswdUsers.Parse(line))
            : throw new RegistryStartException(StartFailure.Setting, $"the credential cannot be used to log in. {reason}");

    public HtpasswdUsers Current() => _users;
}
