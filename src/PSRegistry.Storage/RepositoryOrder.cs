using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>The order of the walk: component by component in byte order, with <c>_manifests</c> as each name's last one.</summary>
internal static class RepositoryOrder
{
    /// <summary>Where in the ordered names those behind <paramref name="after"/> begin; it need not be one of them.</summary>
    public static int FirstBehind(ReadOnlySpan<RepositoryName> names, string after)
    {
        int from = 0, to = names.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (Compare(names[middle].ToString(), after) > 0)
                to = middle;
            else
                from = middle + 1;
        }
        return from;
    }

    private static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (true)
        {
            var order = Next(ref left).SequenceCompareTo(Next(ref right));
            if (order != 0 || (left.IsEmpty && right.IsEmpty))
                return order;
        }
    }

    /// <summary>Takes the first component off; behind the last one comes <c>_manifests</c>, and then nothing.</summary>
    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> name)
    {
        var rest = name;
        var slash = rest.IndexOf('/');
        if (slash >= 0)
        {
            name = rest[(slash + 1)..];
            return rest[..slash];
        }
        name = rest is StoragePaths.Manifests ? default : StoragePaths.Manifests;
        return rest;
    }
}
