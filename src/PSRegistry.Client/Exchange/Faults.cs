using System.Globalization;
using System.Net;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Makes the exceptions of one registry's client, and the words that they share.</summary>
internal sealed class Faults(RegistryAddress registry)
{
    /// <summary>The registry they are about.</summary>
    public RegistryAddress Registry => registry;

    /// <summary>A failed request to <paramref name="uri"/>: a GET, unless another method is given.</summary>
    public RegistryRequestException New(RegistryFailure failure, Uri uri, string message, Exception? inner = null, HttpMethod? method = null) =>
        new(failure, message, inner) { Registry = registry.Authority, Method = (method ?? HttpMethod.Get).Method, RequestUri = WithoutQuery(uri) };

    /// <summary>An answer that is a refusal.</summary>
    /// <param name="failure">Its kind.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="message">The sentence for the user.</param>
    /// <param name="errors">The errors that it names.</param>
    /// <param name="challenge">How a login is asked for; null where that stands in the answer itself, or nowhere.</param>
    public RegistryRequestException New(
        RegistryFailure failure, Answer answer, string message, IReadOnlyList<RegistryError>? errors = null, Challenge? challenge = null) =>
        new(failure, message)
        {
            Registry = registry.Authority,
            Method = answer.Method.Method,
            RequestUri = WithoutQuery(answer.Uri),
            Status = (int)answer.Status,
            Errors = errors ?? [],
            Challenge = (challenge ?? (answer.Status == HttpStatusCode.Unauthorized ? answer.Challenges.FirstOrDefault() : null))?.ForDisplay(),
            RetryAfter = answer.RetryAfter,
        };

    /// <summary>Who it is that answers at <paramref name="uri"/>: the registry, or another host that it sent us to.</summary>
    public string Who(Uri uri) => SameOrigin(uri, registry.BaseUri) ? registry.Authority : $"{uri.Authority} (named by {registry.Authority})";

    /// <summary>A URL that can be asked.</summary>
    public static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Same scheme, host and port.</summary>
    public static bool SameOrigin(Uri a, Uri b) =>
        a.Port == b.Port && a.Scheme == b.Scheme && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>A length of time in words.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static Uri WithoutQuery(Uri uri) => uri.Query.Length == 0 ? uri : new Uri(uri.GetLeftPart(UriPartial.Path));
}
