using System.Runtime.CompilerServices;

namespace PSRegistry.Client;

/// <summary>The way in: connection, certificate, the base of the API, the challenge, the login, and how much a header may hold.</summary>
internal sealed class DoorChecks(RegistryTransport transport, RegistryClientOptions options, Findings findings)
{
    /// <summary>Longer than tokens are that allow a few repositories.</summary>
    private const int HeaderLength = 6000;

    private Uri Base => transport.UriOf("v2/");

    /// <summary>Whether it is worth going on.</summary>
    public bool IsOpen { get; private set; }

    public async IAsyncEnumerable<DeploymentFinding> LookAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Base.Scheme == Uri.UriSchemeHttps)
            yield return ProxyRules.Of(options).IsBypassed(Base)
                ? await new CertificateProbe(options, findings).LookAsync(Base, cancellationToken)
                : findings.Skipped("Certificate", "a proxy of this machine stands in between.");

        var (answer, fault) = await KnockAsync(cancellationToken);
        using var held = answer;
        if (answer is null)
        {
            yield return findings.Failed("Connection", fault!);
            yield break;
        }
        yield return IsElsewhere(answer)
            ? findings.Failed("Address", $"{Base} leads to {ServerText.Clean(answer.Uri.GetLeftPart(UriPartial.Path), 200)}: clients follow that when they read, and not when they push.",
                "Have clients use the address that the redirect leads to, or the proxy answer here.")
            : findings.Passed("Address", $"{Base} answers ({(int)answer.Status}).");
        if ((int)answer.Status is not (200 or 401))
        {
            yield return findings.Failed("Connection", await transport.Refusals.ReadAsync(answer, Asked.Base, cancellationToken));
            yield break;
        }
        yield return answer.NamesApiVersion
            ? findings.Passed("API version", "the header Docker-Distribution-Api-Version arrives.")
            : findings.Warning("API version", "the header Docker-Distribution-Api-Version does not arrive; old clients then look for another kind of registry.",
                "Have the proxy let it through. nginx: remove proxy_hide_header, or add_header 'Docker-Distribution-Api-Version' 'registry/2.0' always;");
        if (Challenge(answer) is { } challenge)
            yield return challenge;

        var login = await LogInAsync(cancellationToken);
        IsOpen = login.Status is not FindingStatus.Failed;
        yield return login;
        if (IsOpen)
            yield return await SendLongHeaderAsync(cancellationToken);
    }

    private async ValueTask<(Answer? Answer, RegistryRequestException? Fault)> KnockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await transport.KnockAsync(cancellationToken), null);
        }
        catch (RegistryRequestException fault)
        {
            return (null, fault);
        }
    }

    private bool IsElsewhere(Answer answer) => !Faults.SameOrigin(answer.Uri, Base) || answer.Uri.AbsolutePath != Base.AbsolutePath;

    private DeploymentFinding? Challenge(Answer answer)
    {
        const string Check = "Challenge";
        if ((int)answer.Status != 401)
            return null;
        var challenges = answer.Challenges.ToList();
        if (challenges.Count == 0)
        {
            return findings.Failed(Check, "it asks for a login (401) without saying how: the header WWW-Authenticate does not arrive.",
                "Have the proxy let it through. nginx: remove proxy_hide_header WWW-Authenticate;");
        }
        if (challenges.Find(one => one.IsBearer) is not { } bearer)
            return findings.Passed(Check, $"it asks for a login ({challenges[0]}).");
        if (!Uri.TryCreate(bearer.Realm, UriKind.Absolute, out var realm) || !Faults.IsHttp(realm))
            return findings.Failed(Check, $"the realm of its challenge is no URL ({bearer}).", "Correct auth.token.realm.");
        return realm.Scheme == Uri.UriSchemeHttp && Base.Scheme == Uri.UriSchemeHttps && !RegistryAddress.IsThisMachine(realm)
            ? findings.Failed(Check, $"tokens are to be had over plain http ({bearer}), where no client sends a password.",
                "Correct auth.token.realm, or, where it is made of the request, have the proxy tell the scheme. nginx: proxy_set_header X-Forwarded-Proto $scheme;")
            : findings.Passed(Check, $"it sends for tokens ({bearer}).");
    }

    private async ValueTask<DeploymentFinding> LogInAsync(CancellationToken cancellationToken)
    {
        const string Check = "Login";
        try
        {
            await transport.PingAsync(cancellationToken);
            return findings.Passed(Check, transport.Login.IsAny ? $"{transport.Login.Credential?.UserName ?? "the token"} is let in." : "everybody is let in.");
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(Check, fault);
        }
    }

    private async ValueTask<DeploymentFinding> SendLongHeaderAsync(CancellationToken cancellationToken)
    {
        const string Check = "Long header", Remedy = "Let the proxy take longer headers: bearer tokens for several repositories are as long. nginx: large_client_header_buffers 4 32k;";
        try
        {
            using var answer = await transport.AskAsync(Call.Get(Base) with { Headers = [("X-Registry-Examination", new string('x', HeaderLength))] }, Asked.Base, cancellationToken);
            return (int)answer.Status == 200
                ? findings.Passed(Check, $"a header of {HeaderLength} bytes comes through.")
                : findings.Warning(Check, $"a header of {HeaderLength} bytes is refused ({(int)answer.Status}).", Remedy);
        }
        catch (RegistryRequestException fault)
        {
            return findings.Warning(Check, $"a header of {HeaderLength} bytes does not come through: {fault.Message}", Remedy);
        }
    }
}
