using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>A small SMTP server (RFC 5321) that keeps the mails it takes.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ends = new();
    private readonly Task accepting;

    private MailReceiver()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public ConcurrentQueue<(IReadOnlyList<string> To, string Text)> Taken { get; } = new();

    /// <summary>What it answers to a whole mail; 250 at first.</summary>
    public int Status { get; set; } = 250;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static MailReceiver Start() => new();

    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        listener.Stop();
        await accepting;
        ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ends.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // It is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var to = new List<string>();
        while (await reader.ReadLineAsync(ends.Token) is { } line)
        {
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase)) to.Add(line[8..].Trim('<', '>'));
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var text = new StringBuilder();
                while (await reader.ReadLineAsync(ends.Token) is { } part && part != ".") text.Append(part).Append('\n');
                if (Status == 250) Taken.Enqueue(([.. to], text.ToString()));
                await writer.WriteLineAsync($"{Status} done");
                to.Clear();
            }
            else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("221 bye");
                return;
            }
            else await writer.WriteLineAsync("250 ok");
        }
    }
}
