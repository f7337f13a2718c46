using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Authentication;

public sealed class TokenRealmTests
{
    private static readonly Dictionary<string, IPAddress> Hosts = new()
    {
        ["public.example"] = IPAddress.Parse("203.0.114.7"),
        ["intranet.example"] = IPAddress.Parse("10.1.2.3"),
        ["auth.public.example"] = IPAddress.Parse("203.0.114.8"),
        ["auth.intranet.example"] = IPAddress.Parse("192.168.1.1"),
    };

    [Theory]
    [InlineData("http://intranet.example", "http://auth.intranet.example/token", "plain http")]
    [InlineData("http://public.example", "http://auth.public.example/token", "plain http")]
    [InlineData("http://public.example", "https://auth.intranet.example/token", "private network")]
    [InlineData("http://public.example", "https://127.0.0.1/token", "private network")]
    [InlineData("http://public.example", "http://localhost/token", "private network")]
    [InlineData("http://public.example", "https://[::1]/token", "private network")]
    [InlineData("http://public.example", "https://[::ffff:169.254.169.254]/token", "private network")]
    [InlineData("http://public.example", "https://ann@auth.public.example/token", "no http(s) URL")]
    [InlineData("http://public.example", "file:///etc/passwd", "no http(s) URL")]
    [InlineData("http://public.example", "/token", "no http(s) URL")]
    [InlineData("http://public.example", "", "no http(s) URL")]
    public async Task A_login_is_not_sent_where_it_does_not_belong(string registry, string realm, string reason)
    {
        await using var network = await Network.StartAsync(realm);
        using var client = Clients.Of(new Uri(registry), Clients.LoggedIn() with { Surroundings = network.Surroundings });
        var fault = await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Null(Assert.Single(network.Server.Requests).Authorization);
    }

    [Theory]
    [InlineData("http://intranet.example", "https://auth.intranet.example/token")]
    [InlineData("http://intranet.example", "https://auth.public.example/token")]
    [InlineData("http://public.example", "https://auth.public.example/token")]
    [InlineData("http://intranet.example", "http://localhost/token")]
    [InlineData("http://public.example", "https://public.example/token")]
    public async Task A_login_is_sent_where_it_belongs(string registry, string realm)
    {
        await using var network = await Network.StartAsync(realm);
        using var client = Clients.Of(new Uri(registry), Clients.LoggedIn() with { Surroundings = network.Surroundings });
        // The scripted network has no https: that a connection to the realm was tried is all there is to see.
        await Assert.ThrowsAsync<RegistryRequestException>(() => client.TagsAsync());
        Assert.Contains(new Uri(realm).Host, network.Connected.Skip(1));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void Public_addresses_are_known(string address, bool isPublic) => Assert.Equal(isPublic, TokenRealm.IsPublic(IPAddress.Parse(address)));

    /// <summary>A network in which every name leads to one server, which names a token realm.</summary>
    private sealed class Network : IAsyncDisposable
    {
        private Network(ScriptedServer server) => Server = server;

        public ScriptedServer Server { get; }

        public List<string> Connected { get; } = [];

        public Surroundings Surroundings => new()
        {
            Clock = new ImpatientClock(),
            Resolve = (host, _) => Task.FromResult(Hosts.TryGetValue(host, out var address) ? [address] : new[] { IPAddress.Loopback }),
            Connect = async (server, token) =>
            {
                Connected.Add(server.Host);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

        public static async Task<Network> StartAsync(string realm) => new(await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\"";
            return Task.CompletedTask;
        }));

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
