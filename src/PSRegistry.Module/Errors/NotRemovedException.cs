using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Errors;

/// <summary>A registry said that it removed a manifest, and still has it.</summary>
public sealed class NotRemovedException : Exception
{
    internal NotRemovedException(ImageTarget target, Digest digest)
        : base($"{target.FullRepository} still answers with {digest}, though the registry accepted its removal. A cache in front of it, or a replica that lags behind, may be why.")
    {
    }
}
