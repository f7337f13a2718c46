using System.Reflection;

namespace PSRegistry.Help;

/// <summary>A parameter of a cmdlet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type as PowerShell writes it: <c>string[]</c>, <c>switch</c>.</param>
/// <param name="Text">What it means.</param>
/// <param name="Default">The value where none is given, as its comment says; empty for none.</param>
internal sealed record CmdletParameter(string Name, string TypeName, string Text, string Default)
{
    /// <summary>How it is bound in each parameter set that it is in.</summary>
    public required IReadOnlyList<CmdletBinding> Bindings { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The values it takes, where they can be counted.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    public bool TakesWildcards { get; init; }

    public bool IsSwitch => TypeName == "SwitchParameter";

    /// <summary>How it is bound in a parameter set; null when it is not in it.</summary>
    public CmdletBinding? In(string set) => Bindings.FirstOrDefault(binding => binding.Set == set || binding.Set == CmdletBinding.AllSets);

    /// <summary>The parameters of a class, those of its base classes last; one that is declared anew counts as it was declared last.</summary>
    public static IEnumerable<CmdletParameter> ReadAll(Type type, DocumentationFile texts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (var property in declaring.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (property.Attributes("ParameterAttribute").ToList() is { Count: > 0 } attributes && seen.Add(property.Name))
                    yield return Read(property, attributes, texts);
            }
        }
    }

    private static CmdletParameter Read(PropertyInfo property, List<CustomAttributeData> attributes, DocumentationFile texts)
    {
        var declaring = property.DeclaringType!;
        var owner = declaring.IsConstructedGenericType ? declaring.GetGenericTypeDefinition() : declaring;
        var text = texts.Summary($"P:{owner.FullName}.{property.Name}");
        return new CmdletParameter(property.Name, TypeText(property.PropertyType), text, DefaultIn(text))
        {
            Bindings = [.. attributes.Select(CmdletBinding.Of)],
            Aliases = [.. property.Attributes("AliasAttribute").SelectMany(alias => alias.Strings())],
            Values = [.. property.Attributes("ValidateSetAttribute").SelectMany(set => set.Strings()), .. EnumNames(property)],
            TakesWildcards = property.Attribute("SupportsWildcardsAttribute") is not null,
        };
    }

    private static string[] EnumNames(PropertyInfo property) =>
        property.PropertyType.IsEnum && property.Attribute("ValidateSetAttribute") is null ? property.PropertyType.GetEnumNames() : [];

    /// <summary>Comments end with "Default: all." where there is one.</summary>
    private static string DefaultIn(string text)
    {
        const string Mark = "Default: ";
        var start = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return start < 0 ? "" : text[(start + Mark.Length)..].TrimEnd('.');
    }

    private static string TypeText(Type type)
    {
        if (type.IsArray)
            return TypeText(type.GetElementType()!) + "[]";
        return type.FullName switch
        {
            "System.String" => "String",
            "System.Int32" => "Int32",
            _ when type.IsConstructedGenericType => TypeText(type.GenericTypeArguments[0]),
            _ => type.Name,
        };
    }
}

/// <summary>How a parameter is bound in a parameter set.</summary>
/// <param name="Set">The set, or <see cref="AllSets"/>.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its place among those without a name; null where it needs its name.</param>
/// <param name="Pipeline">How it takes pipeline input, as Get-Help writes it.</param>
internal sealed record CmdletBinding(string Set, bool IsMandatory, int? Position, string Pipeline)
{
    public const string AllSets = "__AllParameterSets";

    public static CmdletBinding Of(CustomAttributeData attribute)
    {
        var byValue = attribute.Named("ValueFromPipeline") is true;
        var byName = attribute.Named("ValueFromPipelineByPropertyName") is true;
        var pipeline = (byValue, byName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
        return new CmdletBinding(
            attribute.Named("ParameterSetName") as string ?? AllSets, attribute.Named("Mandatory") is true,
            attribute.Named("Position") is int position and >= 0 ? position : null, pipeline);
    }
}
