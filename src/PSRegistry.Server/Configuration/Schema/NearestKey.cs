namespace PSRegistry.Server.Configuration;

/// <summary>Guesses which key somebody meant.</summary>
internal static class NearestKey
{
    /// <summary>
    /// One letter away in the same section; else a key of that very name elsewhere (being one level off is the commonest slip after
    /// a misspelling); else similar in the same section; else null, because a far-fetched guess is worse than none.
    /// </summary>
    public static SchemaKey? To(SchemaKey section, string name)
    {
        var wanted = name.ToLowerInvariant();
        var (distance, sibling) = section.Children
            .SelectMany(child => new[] { (child.Name, Key: child), (Name: child.Alias ?? child.Name, Key: child) })
            .Select(candidate => (Distance: Distance(wanted, candidate.Name), candidate.Key))
            .DefaultIfEmpty((int.MaxValue, section))
            .MinBy(candidate => candidate.Item1);
        if (distance <= 1) return sibling;
        return Elsewhere(wanted) ?? (distance <= Tolerance(wanted) ? sibling : null);
    }

    /// <summary>
    /// The key of the section that a slip of the finger away protects the registry: passing it over would open what somebody meant
    /// to close. Nearer than a guess has to be, because an error stops a registry that may have run for years.
    /// </summary>
    public static SchemaKey? Protecting(SchemaKey section, string name)
    {
        var wanted = name.ToLowerInvariant();
        return section.Children.FirstOrDefault(key => key.Row is { Protects: true } && IsSlipOf(wanted, key.Name));
    }

    private static bool IsSlipOf(string name, string key) =>
        Distance(name, key) <= Math.Max(1, key.Length / 4)
        || Longer.Any(ending => name == key + ending);

    /// <summary>What people write behind the short names.</summary>
    private static readonly string[] Longer = ["entication", "orization", "ess", "work"];

    // Only where one place can be meant: `enabled` and `addr` are everywhere and would point anywhere.
    private static SchemaKey? Elsewhere(string name)
    {
        var same = KeyTree.All.Where(key => name.Length > 0 && key.Name == name).ToList();
        var supported = same.FindAll(key => key.State is KeyState.Supported);
        return supported.Count == 1 ? supported[0] : same.Count == 1 ? same[0] : null;
    }

    private static int Tolerance(string name) => name.Length <= 4 ? 1 : name.Length / 2;

    /// <summary>Levenshtein's distance, with two swapped neighbours counted as one change.</summary>
    internal static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) table[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[left.Length, right.Length];
    }
}
