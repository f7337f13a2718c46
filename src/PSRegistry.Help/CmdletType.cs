using System.Reflection;

namespace PSRegistry.Help;

/// <summary>A cmdlet as its class declares it.</summary>
internal sealed record CmdletType(string Verb, string Noun, string Summary, string Remarks, string? DefaultSet)
{
    /// <summary>Parameters of its own and of the classes it derives from, in the order of their declarations.</summary>
    public required IReadOnlyList<CmdletParameter> Parameters { get; init; }

    public required IReadOnlyList<CmdletExample> Examples { get; init; }

    /// <summary>The full names of the types it writes.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    public string Name => $"{Verb}-{Noun}";

    /// <summary>The names of its parameter sets, the default first; one without a name when there are none.</summary>
    public IReadOnlyList<string> Sets
    {
        get
        {
            // The default set need not have a parameter of its own.
            var named = Parameters.SelectMany(parameter => parameter.Bindings).Select(binding => binding.Set).Where(set => set != CmdletBinding.AllSets)
                .Prepend(DefaultSet).OfType<string>().Distinct().ToList();
            return named.Count > 0 ? named : [CmdletBinding.AllSets];
        }
    }

    /// <summary>The cmdlet of a class; null when it is none.</summary>
    public static CmdletType? TryRead(Type type, DocumentationFile texts)
    {
        if (type.IsAbstract || type.Attribute("CmdletAttribute") is not { } attribute)
            return null;
        var member = $"T:{type.FullName}";
        return new CmdletType(
            (string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!,
            texts.Summary(member), texts.Remarks(member), attribute.Named("DefaultParameterSetName") as string)
        {
            Parameters = [.. CmdletParameter.ReadAll(type, texts), .. CommonParameter.Of(attribute)],
            Examples = texts.Examples(member),
            Outputs = [.. type.Attributes("OutputTypeAttribute").SelectMany(OutputTypes)],
        };
    }

    private static IEnumerable<string> OutputTypes(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.SelectMany(argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list : [argument])
            .Select(argument => argument.Value).OfType<Type>().Select(output => output.FullName!);
}
