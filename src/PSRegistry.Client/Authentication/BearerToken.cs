using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PSRegistry.Client;

/// <summary>A token and until when it is worth sending. It shows itself to nobody.</summary>
internal sealed class BearerToken
{
    /// <summary>What a token lasts whose service does not say (Docker registry token specification).</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);

    /// <summary>What may pass between our look at the clock and the registry's.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private static readonly SearchValues<char> Sendable = SearchValues.Create(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).ToArray());

    private readonly DateTimeOffset _goodUntil;

    private BearerToken(string token, DateTimeOffset goodUntil, string? refreshToken)
    {
        Authorization = new AuthenticationHeaderValue("Bearer", token);
        _goodUntil = goodUntil;
        RefreshToken = refreshToken;
    }

    /// <summary>The header that presents it.</summary>
    public AuthenticationHeaderValue Authorization { get; }

    /// <summary>What to ask for the next one with; null when the service gives none.</summary>
    public string? RefreshToken { get; }

    /// <summary>Whether it is still good.</summary>
    public bool IsGood(DateTimeOffset now) => now < _goodUntil;

    /// <summary>Reads a token service's answer: <c>token</c> or <c>access_token</c>, and <c>expires_in</c> in seconds.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> answer, DateTimeOffset now, [NotNullWhen(true)] out BearerToken? token)
    {
        token = null;
        try
        {
            using var json = JsonDocument.Parse(answer);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || (Text(root, "token") ?? Text(root, "access_token")) is not { } text)
                return false;
            if (text.AsSpan().ContainsAnyExcept(Sendable))
                return false;
            var lifetime = Lifetime(root);
            token = new BearerToken(text, now + lifetime - (lifetime > Leeway * 3 ? Leeway : lifetime / 3), Text(root, "refresh_token"));
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static TimeSpan Lifetime(JsonElement root)
    {
        var isTold = root.TryGetProperty("expires_in", out var value) && value.ValueKind == JsonValueKind.Number;
        if (!isTold || !value.TryGetDouble(out var seconds) || seconds <= 0)
            return DefaultLifetime;
        // A day is long enough, and no sum of times overflows.
        return TimeSpan.FromSeconds(Math.Min(seconds, 24 * 60 * 60));
    }

    private static string? Text(JsonElement root, string property) =>
        root.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
