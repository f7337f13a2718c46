using System.Text;
using PSRegistry.Server.Auth;

namespace PSRegistry.Host;

/// <summary>
/// <c>psregistry hash-password USER</c>: prints a line for an htpasswd file. The password is typed or piped in, never an argument,
/// which everybody on the machine could read.
/// </summary>
internal static class HashPasswordCommand
{
    public static async Task<int> RunAsync(string user, int cost)
    {
        var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync() : await AskAsync();
        if (password is null)
            return await RefuseAsync("The two are not the same, or there was none.");
        if (!HtpasswdLine.TryMake(user, password, cost, out var line, out var reason))
            return await RefuseAsync(reason);
        await Console.Out.WriteLineAsync(line);
        return ExitCode.Stopped;
    }

    /// <summary>Twice, because nobody sees what they type.</summary>
    private static async Task<string?> AskAsync()
    {
        var first = await ReadUnechoedAsync("Password: ");
        var second = await ReadUnechoedAsync("Once more: ");
        return first == second ? first : null;
    }

    private static async Task<string> ReadUnechoedAsync(string prompt)
    {
        await Console.Error.WriteAsync(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
                typed.Append(key.KeyChar);
            else if (typed.Length > 0)
                typed.Length--;
        }
        await Console.Error.WriteLineAsync();
        return typed.ToString();
    }

    private static async Task<int> RefuseAsync(string reason)
    {
        await Console.Error.WriteLineAsync($"psregistry: {reason}");
        return ExitCode.CannotStart;
    }
}
