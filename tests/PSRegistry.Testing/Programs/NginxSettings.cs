using System.Globalization;

namespace PSRegistry.Testing;

/// <summary>How nginx is set up before registries; well, unless the lines say otherwise.</summary>
/// <param name="Upstreams">The registries, which take turns: <c>127.0.0.1:5000</c>, or <c>unix:/path</c>.</param>
public sealed record NginxSettings(IReadOnlyList<string> Upstreams)
{
    /// <summary>The certificate; null for plain HTTP.</summary>
    public TlsFolder? Tls { get; init; }

    /// <summary>The lines of <c>server</c> beside address and certificate.</summary>
    public string Server { get; init; } = "client_max_body_size 0;";

    /// <summary>The lines of <c>location</c> that tell the registry how it was asked.</summary>
    public string Told { get; init; } = """
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $http_host;
        """;

    /// <summary>The lines of <c>location</c> on bodies.</summary>
    public string Bodies { get; init; } = "proxy_request_buffering off;";

    /// <summary>Further lines of <c>location</c>.</summary>
    public string More { get; init; } = "";

    /// <summary>Where <c>/</c> goes, behind the name of the upstream: nothing, or a path.</summary>
    public string Path { get; init; } = "";

    internal string ToText(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        {{(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? "user root;" : "")}}
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
          upstream registry { {{string.Concat(Upstreams.Select(upstream => $"server {upstream}; "))}}keepalive 8; }
          server {
            listen 127.0.0.1:{{port}}{{(Tls is null ? "" : " ssl")}};
            {{(Tls is null ? "" : $"ssl_certificate {Tls.Certificate}; ssl_certificate_key {Tls.Key};")}}
            {{Server}}
            location / {
              proxy_pass http://registry{{Path}};
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              {{Told}}
              {{Bodies}}
              {{More}}
            }
          }
        }
        """);
}
