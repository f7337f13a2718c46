using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Client;

namespace PSRegistry.Commands;

/// <summary>
/// Tells whether a registry (docker registry v2, OCI distribution) answers at an address: $true or $false. One that asks for a login is a
/// registry too. Whatever else answers, or nothing, is $false without an error; -Verbose tells why.
/// </summary>
/// <example>
/// <code>Test-Registry registry.local:5000</code>
/// <para>Tells whether a registry answers there.</para>
/// </example>
/// <example>
/// <code>if (-not (Test-Registry registry.local:5000 -TimeoutSeconds 2 -Verbose)) { 'Start it first.' }</code>
/// <para>Waits for two seconds at most, and tells the reason.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "Registry")]
[OutputType(typeof(bool))]
public sealed class TestRegistryCommand : RegistryInquiryCommand
{
    /// <summary>How long to wait for an answer.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <inheritdoc/>
    private protected override void WriteItem(object item)
    {
        var verdict = (Verdict)item;
        WriteVerbose(verdict.Reason);
        WriteObject(verdict.IsRegistry);
    }

    /// <inheritdoc/>
    private protected override async IAsyncEnumerable<object> AskAsync(RegistryClient client, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await JudgeAsync(client, cancellationToken);
    }

    private async Task<Verdict> JudgeAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(TimeoutSeconds));
        try
        {
            var greeting = await client.GreetAsync(limit.Token);
            return new Verdict(greeting.IsRegistry, greeting.Reason);
        }
        catch (RegistryRequestException failure)
        {
            return new Verdict(false, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Verdict(false, string.Create(CultureInfo.InvariantCulture, $"{client.Address} did not answer within {TimeoutSeconds} s."));
        }
    }

    private sealed record Verdict(bool IsRegistry, string Reason);
}
