namespace PSRegistry.Client;

/// <summary>How a server asks for a login (RFC 9110, section 11; Docker registry token authentication). Its texts are cleaned for display.</summary>
/// <param name="Scheme"><c>Basic</c> or <c>Bearer</c>, or what else the server wrote.</param>
/// <param name="Realm">Basic: a name for the user. Bearer: the URL of the token service.</param>
/// <param name="Service">Bearer: the name under which the token service knows the registry.</param>
/// <param name="Scope">Bearer: the rights that the request needs, such as <c>repository:library/nginx:pull</c>.</param>
public sealed record AuthenticationChallenge(string Scheme, string? Realm, string? Service, string? Scope);
