using System.CommandLine;
using PSRegistry.Host;

var configuration = new Argument<string?>("config")
{
    Description = "The configuration file, in the original registry's format. Default: REGISTRY_CONFIGURATION_PATH, else none.",
    Arity = ArgumentArity.ZeroOrOne,
};

var serve = new Command("serve", "Serves the registry until it is stopped.") { configuration };
serve.SetAction((result, cancellation) => ServeCommand.RunAsync(result.GetValue(configuration), cancellation));

var root = new RootCommand("A container registry: docker registry v2 and OCI distribution 1.1, in one program.") { configuration, serve };
root.SetAction((result, cancellation) => ServeCommand.RunAsync(result.GetValue(configuration), cancellation));

// Draining takes as long as the configuration says; the library would end the process after two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
