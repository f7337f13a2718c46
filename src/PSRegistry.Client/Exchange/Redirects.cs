using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>Follows redirects. The login stays with the origin it was made for, and nobody is led from https to http.</summary>
internal sealed class Redirects(Wire wire, Faults faults)
{
    private const int Most = 5;

    public async ValueTask<Answer> FollowAsync(Call call, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var uri = call.Uri;
        for (var followed = 0; ; followed++)
        {
            var answer = await wire.SendAsync(call, uri, Faults.SameOrigin(uri, call.Uri) ? authorization : null, cancellationToken);
            if (!IsRedirect(answer.Status))
                return answer;
            using (answer)
            {
                uri = followed < Most
                    ? Target(call, answer)
                    : throw faults.New(RegistryFailure.NotARegistry, answer, $"{faults.Who(call.Uri)} redirects without end, as no registry does.");
            }
        }
    }

    private Uri Target(Call call, Answer answer)
    {
        var who = faults.Who(answer.Uri);
        if (!Uri.TryCreate(answer.Uri, answer.Header("Location"), out var target) || !Faults.IsHttp(target))
            throw faults.New(RegistryFailure.NotARegistry, answer, $"{who} answers with a redirect that leads nowhere.");
        if (answer.Uri.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
            throw faults.New(RegistryFailure.ProtocolFault, answer, $"{who} redirects from https to plain http ({target.Authority}): not followed.");
        if (call.Method != HttpMethod.Get && call.Method != HttpMethod.Head && !KeepsMethod(call, answer, target))
            throw faults.New(RegistryFailure.ProtocolFault, answer, $"{who} redirects a {call.Method} to {target.Authority}: not followed.");
        return target;
    }

    // What changes something stays with the registry, and is sent again only where that is meant and possible.
    private static bool KeepsMethod(Call call, Answer answer, Uri target) => call.Repeat != Repeat.Never && Faults.SameOrigin(call.Uri, target)
        && answer.Status is (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect);

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
