using PSRegistry.Commands;

namespace PSRegistry.Errors;

/// <summary>A registry answers, and has no such image.</summary>
public sealed class ImageNotFoundException : Exception
{
    internal ImageNotFoundException(ImageTarget target)
        : base($"{target.Place} has no image {target.Repository.Name}{(target.Digest is null ? ":" + target.Tag : "@" + target.Digest)}.")
    {
    }
}
