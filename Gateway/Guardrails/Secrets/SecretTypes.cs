namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>The names of the kinds of secrets, as a finding and a placeholder carry them.</summary>
internal static class SecretTypes
{
    /// <summary>An access key's identifier of Amazon Web Services.</summary>
    public const string AwsAccessKey = "AWS_ACCESS_KEY";

    /// <summary>The secret that belongs to it.</summary>
    public const string AwsSecretKey = "AWS_SECRET_KEY";

    /// <summary>Keys of Google's APIs, Gemini among them.</summary>
    public const string GoogleApiKey = "GOOGLE_API_KEY";

    /// <summary>Google's OAuth tokens and client secrets.</summary>
    public const string GoogleToken = "GOOGLE_TOKEN";

    /// <summary>Account keys and access signatures of Azure.</summary>
    public const string AzureKey = "AZURE_KEY";

    /// <summary>Client secrets of Microsoft Entra applications.</summary>
    public const string AzureClientSecret = "AZURE_CLIENT_SECRET";

    /// <summary>Tokens of GitHub.</summary>
    public const string GitHubToken = "GITHUB_TOKEN";

    /// <summary>Tokens of GitLab.</summary>
    public const string GitLabToken = "GITLAB_TOKEN";

    /// <summary>Tokens of Bitbucket and Atlassian's cloud.</summary>
    public const string AtlassianToken = "ATLASSIAN_TOKEN";

    /// <summary>Tokens of Slack.</summary>
    public const string SlackToken = "SLACK_TOKEN";

    /// <summary>Addresses of incoming webhooks, which are secrets themselves.</summary>
    public const string WebhookUrl = "WEBHOOK_URL";

    /// <summary>Tokens of Discord's bots.</summary>
    public const string DiscordToken = "DISCORD_TOKEN";

    /// <summary>Tokens of Telegram's bots.</summary>
    public const string TelegramToken = "TELEGRAM_TOKEN";

    /// <summary>Keys of Stripe.</summary>
    public const string StripeKey = "STRIPE_KEY";

    /// <summary>Tokens of Square, PayPal, Braintree and other payment services.</summary>
    public const string PaymentToken = "PAYMENT_TOKEN";

    /// <summary>Keys of vendors of models.</summary>
    public const string ModelVendorKey = "MODEL_VENDOR_KEY";

    /// <summary>Tokens of package registries.</summary>
    public const string RegistryToken = "REGISTRY_TOKEN";

    /// <summary>Keys of services for mail and telephony.</summary>
    public const string MessagingKey = "MESSAGING_KEY";

    /// <summary>Keys of services for hosting, infrastructure and its observation.</summary>
    public const string PlatformToken = "PLATFORM_TOKEN";

    /// <summary>Tokens of Shopify.</summary>
    public const string ShopifyToken = "SHOPIFY_TOKEN";

    /// <summary>This gateway's own virtual keys.</summary>
    public const string GatewayKey = "GATEWAY_KEY";

    /// <summary>Private keys in PEM.</summary>
    public const string PrivateKey = "PRIVATE_KEY";

    /// <summary>JSON Web Tokens with a signature.</summary>
    public const string Jwt = "JWT";

    /// <summary>Passwords in connection strings and in addresses.</summary>
    public const string ConnectionString = "CONNECTION_STRING";

    /// <summary>Passwords that are named as such.</summary>
    public const string Password = "PASSWORD";

    /// <summary>Values of high entropy beside a word such as token, and what is assigned to such a name.</summary>
    public const string GenericSecret = "GENERIC_SECRET";
}
