using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>Follows the redirects of a GET. The login stays with the origin it was made for, and nobody is led from https to http.</summary>
internal sealed class Redirects(Wire wire, Faults faults)
{
    private const int Most = 5;

    public async ValueTask<Answer> FollowAsync(Uri asked, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var uri = asked;
        for (var followed = 0; ; followed++)
        {
            var answer = await wire.GetAsync(uri, Faults.SameOrigin(uri, asked) ? authorization : null, cancellationToken);
            if (!IsRedirect(answer.Status))
                return answer;
            using (answer)
            {
                uri = followed < Most
                    ? Target(answer)
                    : throw faults.New(RegistryFailure.NotARegistry, answer, $"{faults.Who(asked)} redirects without end, as no registry does.");
            }
        }
    }

    private Uri Target(Answer answer)
    {
        var who = faults.Who(answer.Uri);
        if (!Uri.TryCreate(answer.Uri, answer.Header("Location"), out var target) || !Faults.IsHttp(target))
            throw faults.New(RegistryFailure.NotARegistry, answer, $"{who} answers with a redirect that leads nowhere.");
        if (answer.Uri.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
            throw faults.New(RegistryFailure.ProtocolFault, answer, $"{who} redirects from https to plain http ({target.Authority}): not followed.");
        return target;
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
