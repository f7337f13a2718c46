using PSRegistry.Hosting;

namespace PSRegistry.Host;

/// <summary>What the program says when its configuration was read again: one line. The log tells the same with every fault.</summary>
internal static class ReloadLine
{
    public static async Task WriteAsync(TextWriter output, ServerReload reload)
    {
        await output.WriteLineAsync(Of(reload));
        await output.FlushAsync();
    }

    private static string Of(ServerReload reload)
    {
        if (reload.Faults.FirstOrDefault(fault => fault.Severity is FaultSeverity.Error) is { } fault)
            return $"configuration not taken over, the one before goes on counting: {fault}";
        var changed = reload.Changes.Where(change => !change.NeedsRestart).Select(change => change.KeyPath).ToList();
        var waiting = reload.Changes.Where(change => change.NeedsRestart).ToList();
        return $"configuration read again: {(changed.Count == 0 ? "nothing" : string.Join(", ", changed))} changed"
            + (waiting.Count == 0 ? "" : $"; needs a restart: {string.Join(", ", waiting)}");
    }
}
