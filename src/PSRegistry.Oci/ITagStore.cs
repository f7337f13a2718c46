namespace PSRegistry.Oci;

/// <summary>The tags of one repository.</summary>
public interface ITagStore
{
    /// <summary>The manifest that the tag names at this moment; null when there is no such tag.</summary>
    ValueTask<Digest?> ResolveAsync(Tag tag, CancellationToken cancellationToken = default);

    /// <summary>Removes the tag and nothing else; false when it was not there. Durable when it returns.</summary>
    ValueTask<bool> DeleteAsync(Tag tag, CancellationToken cancellationToken = default);

    /// <summary>The tags in byte order, beginning behind <paramref name="after"/>, which need not be a tag.</summary>
    IAsyncEnumerable<Tag> ListAsync(string? after = null, CancellationToken cancellationToken = default);
}
