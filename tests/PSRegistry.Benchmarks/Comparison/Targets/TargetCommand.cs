using System.Globalization;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Targets;

/// <summary>How a target is started: the command and its configuration file, over a folder and a port.</summary>
/// <param name="Kind">Who it is.</param>
/// <param name="Program">The path of the program.</param>
internal sealed record TargetCommand(TargetKind Kind, string Program)
{
    /// <summary>Writes the configuration into <paramref name="folder"/> and gives the command.</summary>
    /// <param name="folder">A folder for the configuration and what the program writes beside its data.</param>
    /// <param name="data">The data folder, or the static files.</param>
    /// <param name="port">The port on 127.0.0.1.</param>
    /// <param name="tls">The certificate; null for plain HTTP.</param>
    public ProgramCommand Configure(string folder, string data, int port, TlsFolder? tls)
    {
        Directory.CreateDirectory(folder);
        if (Kind == TargetKind.Nginx)
        {
            var file = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(file, NginxConfiguration(folder, data, port, tls));
            return new ProgramCommand(Program, ["-c", file, "-p", folder, "-e", Path.Combine(folder, "error.log")]);
        }
        var yaml = Path.Combine(folder, "config.yml");
        File.WriteAllText(yaml, RegistryConfiguration(data, port, tls));
        return Program.EndsWith(".dll", StringComparison.Ordinal) ? new ProgramCommand("dotnet", [Program, "serve", yaml]) : new ProgramCommand(Program, ["serve", yaml]);
    }

    /// <summary>Both read the same file. Nothing here touches what is flushed: that is as each does it by default.</summary>
    private string RegistryConfiguration(string data, int port, TlsFolder? tls)
    {
        var yaml = new StringBuilder();
        void Line(FormattableString line) => yaml.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"version: 0.1");
        Line($"log: {{level: warn, accesslog: {{disabled: true}}}}");
        Line($"storage:");
        Line($"  filesystem: {{rootdirectory: '{data}'}}");
        Line($"  delete: {{enabled: true}}");
        Line($"  maintenance: {{uploadpurging: {{enabled: false}}}}");
        // The quickest that the original can do, and how it is usually set up.
        if (Kind == TargetKind.Original)
            Line($"  cache: {{blobdescriptor: inmemory}}");
        Line($"http:");
        Line($"  addr: 127.0.0.1:{port}");
        if (tls is not null)
            Line($"  tls: {{certificate: '{tls.Certificate}', key: '{tls.Key}'}}");
        return yaml.ToString();
    }

    private static string NginxConfiguration(string folder, string data, int port, TlsFolder? tls) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        worker_processes {{Environment.ProcessorCount}};
        worker_rlimit_nofile 8192;
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 10000000;
          open_file_cache max=100;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          default_type application/octet-stream;
          server {
            listen 127.0.0.1:{{port}} {{(tls is null ? "" : "ssl http2")}};
            {{(tls is null ? "" : $"ssl_certificate {tls.Certificate}; ssl_certificate_key {tls.Key};")}}
            root {{data}};
          }
        }
        """);
}
