using System.Net;
using System.Text;

namespace PSRegistry.Client;

/// <summary>Finds out whether a registry answers, and how it wants to be spoken to.</summary>
internal sealed class Greeter(RegistryTransport transport)
{
    private const int LongestBody = 64 * 1024;

    public async ValueTask<RegistryGreeting> GreetAsync(CancellationToken cancellationToken)
    {
        using var answer = await transport.KnockAsync(cancellationToken);
        var challenges = answer.Challenges.ToList();
        var challenge = challenges.Find(one => one.IsBearer) ?? challenges.Find(one => one.IsBasic) ?? challenges.FirstOrDefault();
        var greeting = await JudgeAsync(answer, challenge, cancellationToken);
        if (!greeting.IsRegistry && answer.Status == HttpStatusCode.Unauthorized && await LetsInAsync(cancellationToken))
            greeting = new RegistryGreeting($"{transport.Faults.Registry} answers as a registry does to who is logged in.");
        return greeting with
        {
            ApiVersion = answer.Header("Docker-Distribution-Api-Version") is { } version ? ServerText.Clean(version, 64) : null,
            Challenge = answer.Status == HttpStatusCode.Unauthorized ? challenge?.ForDisplay() : null,
        };
    }

    public async ValueTask<TimeSpan> MeasureAsync(CancellationToken cancellationToken)
    {
        var asked = transport.Clock.GetTimestamp();
        using var answer = await transport.KnockAsync(cancellationToken);
        return transport.Clock.GetElapsedTime(asked);
    }

    private async ValueTask<RegistryGreeting> JudgeAsync(Answer answer, Challenge? challenge, CancellationToken cancellationToken)
    {
        var who = transport.Faults.Who(answer.Uri);
        var status = (int)answer.Status;
        if (answer.NamesApiVersion)
            return new RegistryGreeting($"{who} says that it is a registry of version 2 ({status}).");
        if (status is >= 200 and < 300)
            return await IsPlainAsync(answer, cancellationToken) ? new RegistryGreeting($"{who} answers as a registry does ({status}).") : None(transport.Refusals.NotARegistry(answer));
        if (status == 401 && challenge is { IsBearer: true } && Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) && Faults.IsHttp(realm))
            return new RegistryGreeting($"{who} asks for a token as a registry does ({challenge}).");
        var refusal = await transport.Refusals.ReadAsync(answer, Asked.Base, cancellationToken);
        return refusal.Errors.Any(error => IsRegistryCode(error.Code.Name)) ? new RegistryGreeting($"{who} refuses as a registry does: {refusal.Message}") : None(refusal);
    }

    private static RegistryGreeting None(RegistryRequestException fault) => new(fault.Message) { Fault = fault };

    /// <summary>Registries answer {}, true or nothing; web servers that answer everything send a page, and services a document of their own.</summary>
    private static async ValueTask<bool> IsPlainAsync(Answer answer, CancellationToken cancellationToken)
    {
        if (answer.MediaType == "text/html")
            return false;
        var body = await answer.ReadAllAsync(LongestBody, cancellationToken);
        return body is not null && Encoding.UTF8.GetString(body).Trim() is "" or "{}" or "true";
    }

    /// <summary>Codes are words such as NAME_UNKNOWN; other services number theirs, or name none.</summary>
    private static bool IsRegistryCode(string code) => code != "UNKNOWN" && code.All(letter => letter is (>= 'A' and <= 'Z') or '_');

    private async ValueTask<bool> LetsInAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(
                Call.Get(transport.UriOf("v2/")), Asked.Base, async (answer, token) => answer.NamesApiVersion || await IsPlainAsync(answer, token), cancellationToken);
        }
        catch (RegistryRequestException)
        {
            return false;
        }
    }
}
