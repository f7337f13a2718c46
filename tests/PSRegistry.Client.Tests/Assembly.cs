using PSRegistry.Testing;

[assembly: AssemblyFixture(typeof(RealImages))]
