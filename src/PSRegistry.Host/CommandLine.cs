using System.CommandLine;
using System.CommandLine.Parsing;
using PSRegistry.Server.Auth;

namespace PSRegistry.Host;

/// <summary>The commands and options of the program.</summary>
internal static class CommandLine
{
    /// <summary>Does what the arguments say, and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new Argument<string?>("config")
        {
            Description = "The configuration file, in the original registry's format. Default: REGISTRY_CONFIGURATION_PATH, else none.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        // What begins like an option is nobody's file.
        configuration.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }])
                result.AddError($"There is no option {option}.");
            else if (result is { Parent: CommandResult { Command: RootCommand }, Tokens: [{ Value: var word }] } && IsWord(word) && !File.Exists(word))
                result.AddError($"There is no command {word}, nor a file of that name.");
        });
        var strict = new Option<bool>("--strict") { Description = "Take every unknown key for an error." };
        var check = new Option<bool>("--check") { Description = "Tell every fault of the configuration, and serve nothing." };

        var serve = new Command("serve", "Serves the registry until it is stopped.") { configuration, check, strict };
        serve.SetAction(ServeAsync);

        var config = new Command("config", "Prints the configuration that counts, with the origin of every value, and serves nothing.") { configuration, strict };
        config.SetAction((result, _) => ConfigCommand.RunAsync(result.GetValue(configuration), result.GetValue(strict)));

        var user = new Argument<string>("user") { Description = "The user's name." };
        var cost = new Option<int>("--cost") { Description = "The cost of bcrypt, 4 to 31; each step doubles the time of a login.", DefaultValueFactory = _ => HtpasswdLine.DefaultCost };
        var hashPassword = new Command("hash-password", "Prints a line for an htpasswd file. The password is asked for, or read from standard input.") { user, cost };
        hashPassword.SetAction((result, _) => HashPasswordCommand.RunAsync(result.GetValue(user)!, result.GetValue(cost)));

        var since = new Option<string>("--since") { Description = "From when on: a time (2026-11-28T10:00:00Z), or how long ago (90m, 2h).", Required = true };
        var endpoint = new Option<string?>("--endpoint") { Description = "The name of the endpoint. Default: all." };
        var replay = new Command("replay-events", "Has the events that a server keeps sent to its notification endpoints once more, whether it runs or not.") { configuration, since, endpoint };
        replay.SetAction((result, _) => ReplayEventsCommand.RunAsync(result.GetValue(configuration), result.GetValue(since)!, result.GetValue(endpoint)));

        var root = new RootCommand("A container registry: docker registry v2 and OCI distribution 1.1, in one program.")
        {
            configuration, check, strict, serve, config, hashPassword, replay,
        };
        root.SetAction(ServeAsync);

        var parsed = root.Parse(args);
        if (UsageFault.Tell(parsed) is { } exitCode)
            return exitCode;

        // Draining takes as long as the configuration says; the library would end the process after two seconds.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        static bool IsWord(string text) => text.All(static letter => char.IsAsciiLetter(letter) || letter == '-');

        Task<int> ServeAsync(ParseResult result, CancellationToken cancellation)
        {
            var (path, isStrict) = (result.GetValue(configuration), result.GetValue(strict));
            return result.GetValue(check) ? ConfigCommand.CheckAsync(path, isStrict) : ServeCommand.RunAsync(path, isStrict, cancellation);
        }
    }
}
