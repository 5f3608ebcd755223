using AspireGateway.Shared.Content;

namespace AspireGateway.Gateway.Content;

/// <summary>Adds what keeping texts needs.</summary>
internal static class ContentRegistration
{
    /// <summary>Adds it, bounded by <c>Gateway:Content</c>.</summary>
    public static void AddContent(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ContentOptions>().Bind(builder.Configuration.GetSection("Gateway:Content"))
            .Validate(options => options.Fault() is null, "Gateway:Content holds a bound that is out of range.").ValidateOnStart();
        builder.Services.AddSingleton<ContentKeyStore>();
        builder.Services.AddSingleton<ContentStore>();
        builder.Services.AddSingleton<ContentRoom>();
        builder.Services.AddSingleton<ContentQueue>();
        builder.Services.AddSingleton<ContentMetrics>();
        builder.Services.AddSingleton<ContentSwitch>();
        builder.Services.AddHostedService<ContentWriter>();
    }
}
