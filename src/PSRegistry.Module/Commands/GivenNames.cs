using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>The names that a command has given to images. Two images for one name are a slip, and neither is chosen here.</summary>
internal sealed class GivenNames
{
    private readonly Dictionary<string, (Digest Image, string Source)> _given = [];

    /// <summary>The full names of an image that goes to a registry.</summary>
    public static IEnumerable<string> Of(RegistryAddress registry, PublishedName name) => name.Tags.Select(tag => $"{registry.Authority}/{name.Repository}:{tag}");

    /// <summary>What is wrong with a plan for the images of one source: a name that would come to two images; null where nothing is.</summary>
    public ErrorRecord? Conflict(RegistryAddress registry, string source, IEnumerable<(ArchivedImage Image, PublishedName Name)> plan)
    {
        var given = new Dictionary<string, (Digest Image, string Source)>(_given);
        foreach (var (image, name) in plan)
        {
            foreach (var text in Of(registry, name))
            {
                if (!given.TryAdd(text, (image.Id, source)) && given[text].Image != image.Id)
                    return ArchiveErrors.SameName(text, source, given[text].Source);
            }
        }
        return null;
    }

    /// <summary>Notes what an image is called from now on.</summary>
    public void Add(RegistryAddress registry, string source, ArchivedImage image, PublishedName name)
    {
        foreach (var text in Of(registry, name))
            _given[text] = (image.Id, source);
    }
}
