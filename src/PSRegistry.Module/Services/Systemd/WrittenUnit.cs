namespace PSRegistry.Services.Systemd;

/// <summary>A unit that was registered from here, as it stands in its file now.</summary>
internal sealed class WrittenUnit
{
    private readonly Dictionary<string, string> _settings;

    private WrittenUnit(string path, string text)
    {
        Path = path;
        Text = text;
        // The last one of a setting counts, which is true of all that are asked for here.
        _settings = text.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0]).ToDictionary(parts => parts.Key, parts => parts.Last()[1], StringComparer.Ordinal);
    }

    public string Path { get; }

    public string Text { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string? ProgramPath => Command is [var program, ..] ? program : null;

    public string? ConfigPath => Command is [_, "serve", var config] ? config : null;

    public string? User => _settings.GetValueOrDefault("User");

    public IReadOnlyList<string> Variables => _settings.GetValueOrDefault(UnitFile.VariableNames)?.Split(' ') ?? [];

    private IReadOnlyList<string> Command => UnitText.Words(_settings.GetValueOrDefault("ExecStart") ?? "");

    /// <summary>The unit; null where there is none, or one that somebody else wrote.</summary>
    public static WrittenUnit? Read(string path)
    {
        try
        {
            return File.ReadAllText(path) is { } text && text.StartsWith(UnitFile.Mark, StringComparison.Ordinal) ? new WrittenUnit(path, text) : null;
        }
        // A unit of somebody else may be kept from us.
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
