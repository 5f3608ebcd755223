using AspireGateway.Portal.Webhooks.Channels;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Registration of this folder.</summary>
public static class WebhooksFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddWebhooks(this IServiceCollection services)
    {
        WebhookUndos.Add(services);
        services.AddOptions<WebhookOptions>().BindConfiguration("Portal:Webhooks");
        services
            .AddSingleton<WebhooksQuery>()
            .AddSingleton<CreateWebhook>()
            .AddSingleton<UpdateWebhook>()
            .AddSingleton<DeleteWebhook>()
            .AddSingleton<TestWebhook>()
            .AddSingleton<DeliverAgain>()
            .AddSingleton<WebhookClient>()
            .AddSingleton<MailSender>()
            .AddSingleton<WebhookSender>();
        services.AddOptions<MailOptions>().BindConfiguration("Portal:Mail")
            .Validate(o => o.Host is null || System.Net.Mail.MailAddress.TryCreate(o.From, out _), "Portal__Mail__From must be an address where Portal__Mail__Host is set.")
            .Validate(o => o.Port is >= 1 and <= 65535, "Portal__Mail__Port must be from 1 to 65535.")
            .ValidateOnStart();
    }

    /// <summary>Adds the job that announces and delivers.</summary>
    public static void AddWebhookWorker(this IServiceCollection services) => services
        .AddSingleton<WebhookAnnouncer>()
        .AddSingleton<WebhookDispatcher>()
        .AddHostedService<WebhookWorker>();
}
