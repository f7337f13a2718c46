using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Lays the parameters of a command over file and variables; faults in what they say carry the parameter's name.</summary>
internal static class ParameterOverlay
{
    public static MappingNode Apply(MappingNode tree, ServerParameters parameters)
    {
        if (parameters.RootDirectory is { } folder)
            tree = WithDriver(tree, "filesystem", new Origin("-RootDirectory"), driver => driver.WithText("rootdirectory", folder, new Origin("-RootDirectory")));
        if (parameters.InMemory)
            tree = WithDriver(tree, "inmemory", new Origin("-InMemory"), driver => driver);
        if (parameters.Address is not null || parameters.Port is not null)
            tree = WithAddress(tree, parameters);
        return tree;
    }

    /// <summary>One driver takes the place of whichever was chosen; what else stands under <c>storage</c> stays.</summary>
    private static MappingNode WithDriver(MappingNode tree, string name, Origin origin, Func<MappingNode, MappingNode> change)
    {
        var storage = tree.Find("storage") as MappingNode ?? MappingNode.Empty(origin);
        var driver = storage.Find(name) as MappingNode ?? MappingNode.Empty(origin);
        var others = storage with { Entries = [.. storage.Entries.Where(entry => KeyTree.Root.Child("storage")!.Child(entry.Key)?.Kind is not KeyKind.Choice)] };
        return tree.With("storage", others.With(name, change(driver), origin), origin);
    }

    private static MappingNode WithAddress(MappingNode tree, ServerParameters parameters)
    {
        var origin = new Origin(parameters.Address is null ? "-Port" : "-Address");
        var http = tree.Find("http") as MappingNode ?? MappingNode.Empty(origin);
        var current = http.Find("addr") is ScalarNode { Text: var text } && ListenAddress.TryParse(text, out var parsed) ? parsed : new HttpConfiguration().Addr;
        var host = Bracketed(parameters.Address ?? current.Host);
        // Many an address is written with its port, and means it where no other is given.
        var address = parameters is { Address: { } whole, Port: null } && ListenAddress.TryParse(whole, out _)
            ? whole
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{parameters.Port ?? current.Port}");
        // Behind net: unix the address would be taken for the path of a socket.
        return tree.With("http", http.WithText("addr", address, origin).WithText("net", "tcp", origin), origin);
    }

    private static string Bracketed(string host) =>
        host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;

    private static MappingNode WithText(this MappingNode map, string key, string text, Origin origin) =>
        map.With(key, new ScalarNode(origin, text, ScalarType.Text), origin);
}
