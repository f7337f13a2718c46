using PSRegistry.Host;

try
{
    return args switch
    {
        // How services start it. There is nothing to parse, and the parser, which first reads its own texts, takes a tenth of a start.
        [] or ["serve"] => await ServeCommand.RunAsync(null, strict: false, CancellationToken.None),
        ["serve", not (['-' or '@' or '[', ..] or "/h" or "/?" or "") and var path] => await ServeCommand.RunAsync(path, strict: false, CancellationToken.None),
        _ => await CommandLine.RunAsync(args),
    };
}
catch (Exception fault)
{
    await Console.Error.WriteLineAsync($"psregistry: {fault}");
    return ExitCode.CannotStart;
}
