using Aspire.Hosting.ApplicationModel;

namespace AspireGateway.AppHost.AspireHost;

/// <summary>Gives the portal its identity provider, as parameters.</summary>
internal static class PortalSignIn
{
    /// <summary>Adds a parameter for each setting of <see cref="SignInSettings"/> and passes it on.</summary>
    public static IResourceBuilder<ProjectResource> WithSignIn(this IResourceBuilder<ProjectResource> portal)
    {
        var builder = portal.ApplicationBuilder;
        foreach (var setting in SignInSettings.Of(key => builder.Configuration[key], builder.ExecutionContext.IsRunMode))
        {
            var parameter = setting.Key is { } key
                ? builder.AddParameterFromConfiguration(setting.Name, key, secret: setting.IsSecret)
                : builder.AddParameter(setting.Name, secret: setting.IsSecret);
            portal.WithEnvironment(setting.Variable, parameter.WithDescription(setting.Description));
        }
        return SignInSettings.IsApiOnly(key => builder.Configuration[key]) ? portal.WithEnvironment("Portal__ApiOnly", "true") : portal;
    }
}
