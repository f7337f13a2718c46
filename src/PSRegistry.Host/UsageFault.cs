using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace PSRegistry.Host;

/// <summary>What is wrong with a command line, in a line each, and where to look: the whole help would hide it.</summary>
internal static class UsageFault
{
    /// <summary>Tells it, and returns the exit code; null where nothing is wrong.</summary>
    public static int? Tell(ParseResult parsed)
    {
        if (parsed.Action is not ParseErrorAction)
            return null;
        var error = Console.Error;
        var command = parsed.CommandResult.Parent is null ? "psregistry" : $"psregistry {parsed.CommandResult.Command.Name}";
        // The value of an option that is none is one word too many, which nobody need be told.
        var ofArguments = parsed.Errors.Where(fault => fault.SymbolResult is ArgumentResult).ToList();
        foreach (var fault in ofArguments.Count > 0 ? ofArguments : parsed.Errors)
            error.WriteLine($"{command}: error: {char.ToLowerInvariant(fault.Message[0])}{fault.Message[1..]}");
        error.WriteLine(
            $"'{command} --help' tells what there is. What the server does is set in its configuration file, or by variables such as REGISTRY_HTTP_ADDR=127.0.0.1:5000.");
        return ExitCode.FaultyConfiguration;
    }
}
