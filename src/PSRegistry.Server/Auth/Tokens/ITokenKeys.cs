namespace PSRegistry.Server.Auth;

/// <summary>What tokens may be signed with at the moment.</summary>
internal interface ITokenKeys
{
    /// <summary>The keys; the same object until they change.</summary>
    SigningKeys Current();
}
