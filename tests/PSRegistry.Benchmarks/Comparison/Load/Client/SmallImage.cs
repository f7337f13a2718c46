using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>An image of one layer.</summary>
internal static class SmallImage
{
    /// <summary>Its manifest; another note makes another manifest.</summary>
    public static byte[] Manifest(byte[] config, byte[] layer, string note)
    {
        var configJson = ContentDescriptor.Of(ImageMediaTypes.OciConfig, config).ToJson().ToJsonString();
        var layerJson = ContentDescriptor.Of(ImageMediaTypes.OciLayer, layer).ToJson().ToJsonString();
        return Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"{{{ImageMediaTypes.OciManifest}}}","config":{{{configJson}}},"layers":[{{{layerJson}}}],"annotations":{"note":"{{{note}}}"}}""");
    }
}
