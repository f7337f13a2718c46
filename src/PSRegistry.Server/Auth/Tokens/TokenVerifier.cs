using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>Tells whether a JSON Web Token (RFC 7519) was given out for this registry, by whom it trusts, and for now.</summary>
internal sealed class TokenVerifier(TokenConfiguration token, TimeProvider clock)
{
    /// <summary>Characters; the headers of a request may have 32 KiB together.</summary>
    public const int LengthLimit = 24 * 1024;

    /// <summary>How far the clocks of two servers may be apart.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    // A provider that is kept holds its key for as long; keys come and go here, with every x5c.
    private readonly CryptoProviderFactory _providers = new() { CacheSignatureProviders = false };
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LengthLimit };

    public async ValueTask<TokenVerdict> VerifyAsync(string text, SigningKeys keys)
    {
        if (TryParse(text) is not { } parsed || TokenHeader.Parse(parsed.EncodedHeader) is not { } header)
            return TokenVerdict.Refused("is no JSON Web Token");
        if (!token.Algorithms.Contains(parsed.Alg))
        {
            return TokenVerdict.Refused(SigningAlgorithms.WhyNot(parsed.Alg) is { } why
                ? $"cannot be verified: {why}"
                : "is signed by none of the algorithms that are taken here");
        }
        if (header.HasConditions)
            return TokenVerdict.Refused("sets conditions (crit) that are not known here");
        var now = clock.GetUtcNow();
        if (FindKey(header, keys, now, out var reason) is not { } found)
            return TokenVerdict.Refused(reason);
        if (await FindFaultAsync(parsed, found.Key) is { } fault)
            return TokenVerdict.Refused(fault);

        var until = new DateTimeOffset(parsed.ValidTo, TimeSpan.Zero);
        if (now - Leeway > until)
            return TokenVerdict.Refused("has expired; get a new one");
        if (now + Leeway < new DateTimeOffset(parsed.ValidFrom, TimeSpan.Zero))
            return TokenVerdict.Refused("is not valid yet; the clock of the registry or of the token server is wrong");
        return TokenClaims.Parse(parsed.EncodedPayload) is { } caller
            ? TokenVerdict.Good(caller, until < found.Until ? until : found.Until)
            : TokenVerdict.Refused("does not say what it allows in a way that is understood");
    }

    private static JsonWebToken? TryParse(string text)
    {
        // Three parts: five would be an encrypted one.
        if (text.AsSpan().Count('.') != 2)
            return null;
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Which trusted key the token says that it is signed with, and until when that is trusted. The original looks in this order.</summary>
    private static (TrustedKey Key, DateTimeOffset Until)? FindKey(TokenHeader header, SigningKeys keys, DateTimeOffset now, out string reason)
    {
        reason = "is signed by a key that is not trusted here";
        if (header.Chain is not null)
            return CertificateChain.Verify(header.Chain, keys.Anchors, now);
        if (header.HasKey)
        {
            // Its certificates vouch for the key, else it has to be one of those that are known anyway.
            if (header.Key is not { } key)
                return null;
            if (header.KeyChain is null)
                return keys.Find(key.Thumbprint) is { } known ? (known, DateTimeOffset.MaxValue) : null;
            return CertificateChain.Verify(header.KeyChain, keys.Anchors, now) is { } vouched && vouched.Key.Thumbprint == key.Thumbprint ? vouched : null;
        }
        if (header.KeyId is { Length: > 0 } id)
            return keys.Find(id) is { } named ? (named, DateTimeOffset.MaxValue) : null;
        reason = "does not say which key it is signed with (kid, x5c or jwk)";
        return null;
    }

    private async ValueTask<string?> FindFaultAsync(JsonWebToken parsed, TrustedKey key)
    {
        var result = await _handler.ValidateTokenAsync(parsed, new TokenValidationParameters
        {
            IssuerSigningKeyResolver = (_, _, _, _) => [key.Key],
            CryptoProviderFactory = _providers,
            ValidAlgorithms = token.Algorithms,
            ValidIssuer = token.Issuer,
            ValidAudience = token.Service,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            // By the clock that is given to us.
            ValidateLifetime = false,
            LogValidationExceptions = false,
        });
        return result.IsValid ? null : result.Exception switch
        {
            SecurityTokenInvalidAudienceException => "is for another audience than this registry's service name",
            SecurityTokenInvalidIssuerException => "is from another issuer than the one that is trusted here",
            _ => "has a signature that is not right",
        };
    }
}
