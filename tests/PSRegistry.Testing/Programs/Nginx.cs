using System.Globalization;

namespace PSRegistry.Testing;

/// <summary>nginx before a registry: it speaks TLS to clients and tells the registry so.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly RunningProgram _program;

    private Nginx(TemporaryFolder folder, RunningProgram program, int port) => (_folder, _program, Port) = (folder, program, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The host and port, as image references begin with it.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts it before <paramref name="upstream"/>: <c>127.0.0.1:5000</c>, or <c>unix:/path</c>.</summary>
    public static async Task<Nginx> StartAsync(string upstream, TlsFolder tls, CancellationToken cancellationToken)
    {
        var path = Peer.Require("nginx");
        var folder = new TemporaryFolder();
        var port = FreePort.Next();
        await File.WriteAllTextAsync(folder["nginx.conf"], Configuration(folder.Path, upstream, tls, port), cancellationToken);
        var program = RunningProgram.Start(new ProgramCommand(path, ["-c", folder["nginx.conf"], "-p", folder.Path, "-e", folder["error.log"]]));
        var nginx = new Nginx(folder, program, port);
        try
        {
            await program.WaitForPortAsync(port, cancellationToken);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The master takes its workers along; killed, it would leave them.
        if (!_program.HasExited)
        {
            _program.Signal(ProgramSignal.Terminate);
            await _program.WaitForExitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }

        await _program.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private static string Configuration(string folder, string upstream, TlsFolder tls, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          upstream registry { server {{upstream}}; keepalive 8; }
          server {
            listen 127.0.0.1:{{port}} ssl;
            ssl_certificate {{tls.Certificate}};
            ssl_certificate_key {{tls.Key}};
            client_max_body_size 0;
            location / {
              proxy_pass http://registry;
              proxy_http_version 1.1;
              proxy_request_buffering off;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
            }
          }
        }
        """);
}
