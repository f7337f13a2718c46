using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Turns an answer that is not the one hoped for into what its user can do about it.</summary>
internal sealed class Refusals(RegistryClientOptions options, Login login, Wire wire, Faults faults)
{
    private const int LongestBody = 64 * 1024;

    /// <summary>The failure that <paramref name="answer"/> tells.</summary>
    public async ValueTask<RegistryRequestException> ReadAsync(Answer answer, Asked asked, CancellationToken cancellationToken)
    {
        var status = (int)answer.Status;
        var body = await answer.ReadAllAsync(LongestBody, cancellationToken);
        var errors = body is null ? [] : ErrorEnvelope.Read(body, status);
        var who = faults.Who(answer.Uri);
        var said = errors.Count > 0 ? $": {errors[0]}" : "";
        if (status >= 500)
            return faults.New(RegistryFailure.ServerFault, answer, Sentence($"{who} failed to answer ({status}){said}"), errors);
        if (status == 429)
            return faults.New(RegistryFailure.TooManyRequests, answer, Sentence($"{who} asks for fewer requests (429){Patience(answer)}{said}"), errors);
        if (status == 401)
            return faults.New(RegistryFailure.Unauthorized, answer, Unauthorized(answer, asked, who, said), errors);
        if (status == 403)
            return faults.New(RegistryFailure.Denied, answer, Sentence($"{who} does not allow {User} to {asked.Verb} {asked.Thing}{said}"), errors);
        if (status == 405 || errors.Any(error => error.Code.Name == ErrorCode.Unsupported.Name))
            return faults.New(RegistryFailure.Unsupported, answer, Sentence($"{who} does not offer {Offer(asked)}{said}"), errors);
        if (errors.Count == 0 && status == 400 && await wire.WantsTlsAsync(answer.Uri, cancellationToken))
            return faults.New(RegistryFailure.HttpsServer, answer, ConnectionFaults.UseHttps(who, answer.Uri));
        if (errors.Count == 0 && !answer.NamesApiVersion)
            return NotARegistry(answer);
        return status == 404
            ? faults.New(RegistryFailure.NotFound, answer, NotFound(asked, errors, who, said), errors)
            : faults.New(RegistryFailure.ProtocolFault, answer, Sentence($"{who} refuses to {(asked.Verb == "read" ? "show" : asked.Verb)} {asked.Thing} ({status}){said}"), errors);
    }

    /// <summary>The failure of an answer that is no registry's.</summary>
    public RegistryRequestException NotARegistry(Answer answer)
    {
        var type = answer.MediaType is { } mediaType ? ServerText.Clean(mediaType, 64) : "no content type";
        var message = $"{faults.Who(answer.Uri)} answers, but not as a registry ({(int)answer.Status}, {type}). Is the address right, and its port?";
        return faults.New(RegistryFailure.NotARegistry, answer, message);
    }

    /// <summary>The failure of a registry that is one and has no such thing.</summary>
    public static RegistryRequestException NotOffered(RegistryRequestException fault, Asked asked) =>
        new(RegistryFailure.NotFound, NotFound(asked, [], fault.Registry, ""), fault)
        {
            Registry = fault.Registry,
            Method = fault.Method,
            RequestUri = fault.RequestUri,
            Status = fault.Status,
        };

    private string User =>
        options.Token is not null || login.IdentityToken is not null ? "the bearer of this token" + login.KeptIn
        : login.Credential is { } credential ? $"'{credential.UserName}'{login.KeptIn}"
        : "anonymous users";

    private static string Offer(Asked asked) => asked.Verb == "read" ? asked.Thing : $"to {asked.Verb} {asked.Thing}";

    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('…') ? text : text + ".";

    private static string Patience(Answer answer) => answer.RetryAfter is { } pause ? $" and to wait {Faults.Seconds(pause)}" : "";

    private static string NotFound(Asked asked, IReadOnlyList<RegistryError> errors, string who, string said) => asked switch
    {
        { Repository: { } repository } when errors is [] or [{ Code.Name: "NAME_UNKNOWN" }, ..] => $"{who} has no repository {repository}.",
        { Repository: null } when errors is [] => $"{who} is a registry, but does not offer {asked.Thing}.",
        _ => Sentence($"{who} does not have {asked.Thing}{said}"),
    };

    private string Unauthorized(Answer answer, Asked asked, string who, string said)
    {
        if (!Faults.SameOrigin(answer.Uri, faults.Registry.BaseUri))
        {
            return $"{faults.Registry} redirects to {answer.Uri.Authority}, which asks for a login; a login does not follow to another host. "
                + "If that is the registry, use its address.";
        }
        var challenges = answer.Challenges.ToList();
        if (options.Token is not null)
            return Sentence($"{who} does not take the token to {asked.Verb} {asked.Thing} (401); it may be over, or meant for something else{said}");
        if (challenges.Count == 0)
            return Sentence($"{who} asks for a login without saying how (401){said}");
        var how = challenges[0].ToString();
        if (!challenges.Any(challenge => challenge.IsBasic || challenge.IsBearer))
            return $"{who} asks for a login in a way that is not supported ({how}); Basic and Bearer are.";
        if (!login.IsKnown)
            return $"{who} asks for a login ({how}).{login.Excuse}";
        return challenges.Any(challenge => challenge.IsBearer)
            ? Sentence($"{who} does not let {User} {asked.Verb} {asked.Thing} ({how}){said}")
            : Sentence($"{who} refuses the login of {User} ({how}). Are user name and password right?");
    }
}
