namespace PSRegistry.Server.Auth;

/// <summary>What a look at a token comes to.</summary>
/// <param name="Caller">Its bearer; null when it is refused.</param>
/// <param name="Until">Until when the verdict holds.</param>
/// <param name="Reason">Why it is refused, behind "the token": nothing that only the token says.</param>
internal readonly record struct TokenVerdict(Caller? Caller, DateTimeOffset Until, string Reason)
{
    public static TokenVerdict Good(Caller caller, DateTimeOffset until) => new(caller, until, "");

    public static TokenVerdict Refused(string reason) => new(null, default, reason);
}
