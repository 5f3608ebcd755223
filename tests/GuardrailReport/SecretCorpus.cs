using System.Globalization;
using System.Text;

namespace AspireGateway.GuardrailReport;

/// <summary>Shapes of secrets and of what resembles them. The random parts are made at run time, so that no key stands in the source: {w20} is twenty letters and digits.</summary>
internal static class SecretCorpus
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Lower = "abcdefghijklmnopqrstuvwxyz", Digits = "0123456789";

    /// <summary>Secrets by kind; those with context have no prefix.</summary>
    public static readonly (string Kind, string Secret)[] Secrets =
    [
        ("AWS access key", "AKIA{u16}"), ("AWS secret key (context)", "{b40}"), ("Google API key", "AIza{s35}"), ("Azure storage key (context)", "{b86}=="), ("Azure client secret", "{w3}8Q~{w34}"),
        ("GitHub classic", "ghp_{w36}"), ("GitHub fine-grained", "github_pat_{w22}_{w59}"), ("GitLab", "glpat-{s20}"), ("Bitbucket", "ATBB{w32}"), ("Slack bot", "xoxb-{d11}-{d12}-{w24}"), ("Slack webhook", "https://hooks.slack.com/services/T{u9}/B{u9}/{w24}"),
        ("Discord bot", "M{w23}.G{w5}.{s38}"), ("Telegram bot", "{d10}:AA{s33}"), ("Stripe", "sk_live_{w24}"), ("Square", "sq0atp-{s22}"), ("OpenAI", "sk-proj-{s100}"), ("Anthropic", "sk-ant-api03-{s93}AA"), ("Hugging Face", "hf_{w34}"), ("Groq", "gsk_{w52}"), ("Replicate", "r8_{w37}"), ("Perplexity", "pplx-{w48}"),
        ("Mistral (context)", "{w32}"), ("Cohere (context)", "{w40}"), ("npm", "npm_{w36}"), ("PyPI", "pypi-AgEIcHlwaS5vcmc{s140}"), ("NuGet", "oy2{l43}"), ("Twilio key", "SK{h32}"), ("SendGrid", "SG.{s22}.{s43}"), ("Mailgun", "key-{h32}"), ("Datadog (context)", "{h32}"), ("Cloudflare (context)", "{s40}"),
        ("Shopify", "shpat_{h32}"), ("Databricks", "dapi{h32}"), ("Vault", "hvs.{s95}"), ("DigitalOcean", "dop_v1_{h64}"), ("this gateway", "agw-{s32}"), ("PEM", "-----BEGIN RSA PRIVATE KEY-----\n{b64}\n{b64}\n{b64}\n-----END RSA PRIVATE KEY-----"), ("JWT", "eyJ{w34}.eyJ{w80}.{s43}"),
        ("database URL", "postgres://svc:{w18}@db.internal:5432/app"), ("AMQP URL", "amqp://user:{w14}!@mq:5672/"), ("SQL connection", "Server=db1;Database=crm;User ID=svc;Password={w12}#;"), ("password (context)", "{w11}!"), ("api key (context)", "{w32}"), ("secret, hexadecimal (context)", "{h64}"), ("token in a sentence (context)", "{w40}"),
    ];

    /// <summary>Where a secret with a prefix stands.</summary>
    public static readonly string[] Places =
    [
        "{SECRET}", "Why does this fail? {SECRET}", "export KEY={SECRET}", "config = { \"value\": \"{SECRET}\" }", "curl -H 'X-Auth: {SECRET}' https://api.example.com/v1", "I pasted {SECRET} by mistake, what now?", "# .env\nVALUE='{SECRET}'\nDEBUG=1", "log: using {SECRET}, retrying", "const k = \"{SECRET}\";",
    ];

    /// <summary>What is none.</summary>
    public static readonly string[] LookAlikes =
    [
        "request id {h8}-{h4}-{h4}-{h4}-{h12}", "commit {h40}", "sha256:{h64}", "\"integrity\": \"sha512-{b86}==\"", "etag \"{h32}\"", "data:image/png;base64,{b200}", "color: #{h6};", "api_key = \"YOUR_API_KEY\"", "token: <your token>", "password: ${DB_PASSWORD}", "password = \"changeme\"", "secret = os.environ['SECRET']",
        "trace_id={h32} span_id={h16}", "user_id: {h24}", "docker pull nginx@sha256:{h64}", "\"resolved\": \"https://registry.example.com/a/-/a-1.0.0.tgz#{h40}\"", "go.sum h1:{b43}=", "ssh-rsa AAAAB3NzaC1yc2E{b200} me@host", "max_tokens: {d4}, temperature: 0.{d1}", "primary key on orders(id, created_at)", "The token bucket holds {d3} tokens for each key.",
        "Password must have at least {d2} characters and one digit.", "const token = await getToken(user.id);", "\"sortKey\": \"order#2024-03-12#{d6}\"", "Order {d10} shipped, tracking 1Z{u16}", "-----BEGIN PUBLIC KEY-----\n{b64}\n-----END PUBLIC KEY-----", "https://example.com/docs/authentication#api-keys", "session = requests.Session()", "AKIAIOSFODNN7EXAMPLE",
        "\"publicKey\": \"{b44}\"", "image: registry.example.com/app:{h7}", "cache-key: build-{h40}", "the keys are {d1}, {d2} and {d3}", "public void SetPassword(string password) => this.password = Hash(password);", "<input type=\"password\" name=\"password\" placeholder=\"Password\">", "GET /v1/items?page={d2}&sort=name HTTP/1.1", "md5: {h32}", "password_hash = '$2b$12${w53}'", "{\"token_type\": \"bearer\", \"expires_in\": {d4}}",
    ];

    /// <summary>Where a secret without a prefix stands: beside its name.</summary>
    public static string Named(string kind) => kind.Split(' ')[0] switch
    {
        "AWS" => "aws_secret_access_key = {SECRET}",
        "Azure" => "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET};EndpointSuffix=core.windows.net",
        "Mistral" => "MISTRAL_API_KEY={SECRET}",
        "Cohere" => "My cohere key: {SECRET}",
        "Datadog" => "DD_API_KEY: {SECRET}",
        "Cloudflare" => "CLOUDFLARE_API_TOKEN=\"{SECRET}\"",
        "password" => "the password is {SECRET} for now",
        "token" => "Use this token please {SECRET} to log in",
        "secret," => "\"webhookSecret\": \"{SECRET}\"",
        _ => "api_key: {SECRET}",
    };

    /// <summary>Fills the random parts.</summary>
    public static string Fill(string template, Random random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var close = template[i] == '{' ? template.IndexOf('}', i) : -1;
            var alphabet = close > i + 1 ? AlphabetOf(template[i + 1]) : null;
            if (alphabet is null || !int.TryParse(template.AsSpan(i + 2, close - i - 2), CultureInfo.InvariantCulture, out var count))
            {
                text.Append(template[i]);
                continue;
            }
            for (var k = 0; k < count; k++) text.Append(alphabet[random.Next(alphabet.Length)]);
            i = close;
        }
        return text.ToString();
    }

    private static string? AlphabetOf(char letter) => letter switch
    {
        'w' => Digits + Upper + Lower,
        'h' => Digits + "abcdef",
        'u' => Upper + Digits,
        'l' => Lower + Digits,
        's' => Digits + Upper + Lower + "-_",
        'b' => Digits + Upper + Lower + "+/",
        'd' => Digits,
        _ => null,
    };
}
