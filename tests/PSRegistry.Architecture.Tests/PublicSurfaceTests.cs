using System.Reflection;

namespace PSRegistry.Architecture.Tests;

public sealed class PublicSurfaceTests
{
    /// <summary>What a public signature may be made of: the base library, our rooms, and the logging that every host has.</summary>
    private static readonly string[] Vocabulary = ["System", "PSRegistry", "Microsoft.Extensions.Logging", "Microsoft.Win32"];

    [Theory]
    [MemberData(nameof(House.Names), MemberType = typeof(House))]
    public void No_type_of_a_library_appears_in_a_public_signature(string room)
    {
        using var metadata = new MetadataLoadContext(new PathAssemblyResolver(Available(room)));
        var assembly = metadata.LoadFromAssemblyPath(House.Assembly(room));
        var foreign = from type in assembly.GetExportedTypes()
                      from used in Signature(type)
                      where !IsVocabulary(used)
                      select $"{type.FullName} shows {used.FullName}";
        Assert.Empty(foreign.Distinct());
    }

    private static IEnumerable<Type> Signature(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var types = type.GetInterfaces().Append(type.BaseType)
            .Concat(type.GetFields(Declared).Select(field => field.FieldType))
            .Concat(type.GetProperties(Declared).Select(property => property.PropertyType))
            .Concat(type.GetMethods(Declared).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
            .Concat(type.GetConstructors(Declared).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)));
        return types.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];

    private static bool IsVocabulary(Type type) => type.IsGenericParameter || Vocabulary.Any(
        name => type.Namespace == name || (type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) ?? false));

    private static IEnumerable<string> Available(string room)
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(runtime))!;
        var web = Directory.EnumerateDirectories(Path.Combine(shared, "Microsoft.AspNetCore.App"), "10.*").Order(StringComparer.Ordinal).Last();
        return new[] { House.Output(room), runtime, web, AppContext.BaseDirectory }.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")).DistinctBy(Path.GetFileName);
    }
}
