using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PSRegistry.Client;

/// <summary>
/// A program <c>docker-credential-NAME</c> on PATH, which keeps logins in the machine's own store. It is run without a shell; names and
/// secrets go over its standard input and output (docker-credential-helpers protocol).
/// </summary>
internal sealed class CredentialHelper(string name)
{
    private const int LongestAnswer = 64 * 1024;

    private const string TokenUser = "<token>", NotFound = "credentials not found";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string Program => $"docker-credential-{name}";

    /// <summary>The login; null when it keeps none for the registry.</summary>
    public async ValueTask<StoredLogin?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync("get", key, cancellationToken);
        if (exitCode != 0)
        {
            return output.Contains(NotFound, StringComparison.OrdinalIgnoreCase)
                ? null
                : throw Fault($"refuses to give a login: {ServerText.Clean(output)}");
        }
        try
        {
            using var json = JsonDocument.Parse(output);
            var user = json.RootElement.GetProperty("Username").GetString() ?? "";
            var secret = json.RootElement.GetProperty("Secret").GetString() ?? "";
            return user == TokenUser
                ? new StoredLogin(Program) { IdentityToken = secret }
                : new StoredLogin(Program) { Credential = new NetworkCredential(user, secret) };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Without the cause, which might repeat what was read.
            throw Fault("answers with something that is no login");
        }
    }

    /// <summary>Has it keep a login.</summary>
    public async ValueTask StoreAsync(string key, NetworkCredential? credential, string? identityToken, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("ServerURL", key);
            json.WriteString("Username", identityToken is null ? credential!.UserName : TokenUser);
            json.WriteString("Secret", identityToken ?? credential!.Password);
            json.WriteEndObject();
        }
        var (exitCode, output) = await RunAsync("store", Encoding.UTF8.GetString(bytes.ToArray()), cancellationToken);
        if (exitCode != 0)
            throw Fault($"refuses to keep the login: {ServerText.Clean(output)}");
    }

    /// <summary>Has it forget a login; false when it kept none.</summary>
    public async ValueTask<bool> EraseAsync(string key, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync("erase", key, cancellationToken);
        return exitCode == 0 || (output.Contains(NotFound, StringComparison.OrdinalIgnoreCase)
            ? false
            : throw Fault($"refuses to forget the login: {ServerText.Clean(output)}"));
    }

    private async ValueTask<(int ExitCode, string Output)> RunAsync(string verb, string input, CancellationToken cancellationToken)
    {
        // A name with a path in it would run what lies there.
        if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\') || name.Contains("..", StringComparison.Ordinal))
            throw new CredentialStoreException(name, $"'{ServerText.Clean(name, 100)}' is no name of a credential helper.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var process = Start(verb);
        try
        {
            // Who reads nothing of it closes the pipe, and says why in its answer.
            await WriteAsync(process, input, limit.Token);
            var error = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var output = new byte[LongestAnswer];
            var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(output, output.Length, throwOnEndOfStream: false, limit.Token);
            if (length == output.Length)
                throw Fault("answers without end");
            await error;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, Encoding.UTF8.GetString(output, 0, length));
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault($"did not answer within {Faults.Seconds(Patience)}", fault);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(string verb)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Program, [verb])
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception fault)
        {
            throw Fault($"cannot be run: {fault.Message}. Is it installed, and on PATH?", fault);
        }
    }

    private static async ValueTask WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private CredentialStoreException Fault(string what, Exception? inner = null) =>
        new(Program, $"The credential helper {Program} {what}{(what[^1] is '.' or '?' or '…' ? "" : ".")}", inner);
}
